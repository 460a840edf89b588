using Drizzle.Admin.Access;
using Drizzle.Admin.Endpoints;
using Drizzle.Admin.Http;
using Drizzle.Admin.Live;
using Drizzle.Admin.Receipts;
using Drizzle.Admin.Web;
using Drizzle.Admin.Writing;
using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;

namespace Drizzle.Admin;

/// <summary>The admin API as a web application: build it, start it, stop it.</summary>
public static class AdminHost
{
    public static WebApplication Build(AdminOptions options, IEngine engine, IExplainer explainer, TimeProvider clock)
    {
        // The empty builder reads no appsettings and no ASPNETCORE_ variables: what it does is what the options say.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBody;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // That it cannot start is thrown to whoever starts it, who says so in a sentence.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddSingleton(options).AddHostedService<Retention>();
        builder.Services.AddSingleton(explainer).AddSingleton(ConsoleFolder.Read(options.ConsoleFolder));
        AddServices(builder.Services, options, engine, clock);
        var app = builder.Build();
        app.Urls.Add(options.Url);
        Use(app, options);
        Map(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, AdminOptions options, IEngine engine, TimeProvider clock)
    {
        services.AddSingleton<IHostLifetime, OwnedLifetime>();
        services.AddSingleton(clock).AddSingleton(engine.Store).AddSingleton(engine.Edges).AddSingleton(engine.Tokens)
            .AddSingleton(engine.Users).AddSingleton(engine.Logins).AddSingleton(engine.Audit)
            .AddSingleton(engine.LiveBuckets).AddSingleton(engine.Quotas).AddSingleton(engine.Usage).AddSingleton(engine.Events).AddSingleton(engine.Traffic).AddSingleton<LiveSources>().AddSingleton<LiveDesk>().AddSingleton<LimitKeeper>().AddSingleton<Passwords>().AddSingleton<LoginDesk>();
        services.AddSingleton(new TenantWriter(engine.Store, options.AllowsLoopback(engine), options.MasterKeys)).AddSingleton<PlatformWriter>().AddSingleton<ReceiptDesk>();
        services.AddRouting();
        // What cannot be bound is answered in the one shape of error.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => AdminJson.Configure(json.SerializerOptions));
        services.AddOpenApi(openApi =>
        {
            openApi.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            openApi.AddSchemaTransformer(ModelSchemas.TransformAsync);
            openApi.AddOperationTransformer(ApiDescription.TransformAsync);
            openApi.AddDocumentTransformer(ApiDescription.TransformAsync);
        });
    }

    private static void Use(WebApplication app, AdminOptions options)
    {
        if (options.TrustedProxies.Count > 0)
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost, ForwardLimit = null };
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var range in options.TrustedProxies) forwarded.KnownIPNetworks.Add(range);
            app.UseForwardedHeaders(forwarded);
        }
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = context => Problems.Unexpected().ExecuteAsync(context) });
        app.UseMiddleware<KnownFailures>();
        app.UseStatusCodePages(context => Problems.OfStatus(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        app.UseMiddleware<ConsoleMiddleware>();
        app.UseMiddleware<CallerAuthentication>();
        app.UseMiddleware<AccessRules>();
    }

    private static void Map(WebApplication app)
    {
        var open = app.MapGroup("").AllowAnonymous().WithMetadata(BodyLimit.Small);
        open.MapOpenApi("/openapi.json");
        HealthEndpoints.Map(open);
        RegistrationEndpoints.Map(open);
        var v1 = app.MapGroup("/v1").AddEndpointFilter<RouteGroupBuilder, ReceiptFilter>();
        TenantEndpoints.Map(v1);
        var tenant = v1.MapGroup("/tenants/{tenant}");
        KindEndpoints.Map(tenant, Kinds.Services);
        KindEndpoints.Map(tenant, Kinds.Routes);
        KindEndpoints.Map(tenant, Kinds.Consumers);
        KindEndpoints.Map(tenant, Kinds.Plans);
        KindEndpoints.Map(tenant, Kinds.Policies);
        KindEndpoints.Map(tenant, Kinds.Issuers);
        KeyEndpoints.Map(tenant);
        ExplainEndpoints.Map(tenant);
        PlatformEndpoints.Map(v1);
        RevisionEndpoints.Map(v1);
        HistoryEndpoints.Map(v1, tenant);
        EdgeEndpoints.Map(v1);
        TokenEndpoints.Map(v1, tenant);
        UserEndpoints.Map(v1, tenant);
        SessionEndpoints.Map(open, v1);
        AuditEndpoints.Map(v1, tenant);
        var knownTenant = tenant.MapGroup("").AddEndpointFilter<RouteGroupBuilder, KnownTenant>();
        LimitEndpoints.Map(v1, knownTenant);
        QuotaEndpoints.Map(knownTenant);
        UsageEndpoints.Map(knownTenant);
        TrafficEndpoints.Map(knownTenant);
        LiveEndpoints.Map(v1, knownTenant);
    }
}
