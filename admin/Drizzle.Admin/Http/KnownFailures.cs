using Drizzle.Admin.Access;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Admin.Http;

/// <summary>Answers failures that are not this program's: of the request's form, and of the engine.</summary>
internal sealed class KnownFailures(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Problems.BadRequest(e.StatusCode, e.Message).ExecuteAsync(context);
        }
        catch (BusyException) when (!context.Response.HasStarted)
        {
            await Problems.Busy().ExecuteAsync(context);
        }
        catch (EngineException e) when (!context.Response.HasStarted)
        {
            await Problems.Engine(e.Message).ExecuteAsync(context);
        }
    }
}
