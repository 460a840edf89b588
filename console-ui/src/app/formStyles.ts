// The styles of what only some forms use, which load them: in the order in which Mantine has them in one file.
import '@mantine/core/styles/Accordion.css'
import '@mantine/core/styles/Checkbox.css'
import '@mantine/core/styles/Fieldset.css'
import '@mantine/core/styles/Pill.css'
import '@mantine/core/styles/PillsInput.css'
import '@mantine/core/styles/Switch.css'
import '@mantine/core/styles/Tabs.css'
