import { useTenant } from '../app/tenant'
import { RequestForm } from '../explain/RequestForm'
import { Screen } from '../ui/Screen'

/** What would become of a request, stage by stage, by the code that judges real ones. */
export function ExplainScreen() {
  const tenant = useTenant()
  return (
    <Screen title="Explain" about="What would become of a request. Nothing is charged, counted or sent.">
      <RequestForm tenant={tenant} verb="Explain" />
    </Screen>
  )
}
