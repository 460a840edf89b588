global using Eventually = Drizzle.EndToEnd.Hosting.Eventually;
