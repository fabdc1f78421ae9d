"""What every page shares. Public signatures, by module:

identity    ROLES, Role, Identity(id, name, role), actor(identity) -> Actor, may(identity, needed),
            open_kiosk(device) -> Identity; role sets STAFF, STEWARDS, DESK_READERS
visit       language_of(connection) -> "id"|"en"|…; await identity_of(connection) -> Identity|None;
            await require(connection, roles: frozenset[Role]) -> Identity  (raises Problem 401/403;
            a browser's page request is answered with a redirect to /sign-in or /password)
office      async with Office(path, hours=12) as office; await office.add_user(name, role) ->
            one-time password; await office.add_token(name, role) -> secret (both ValueError on a
            bad name or role); await office.users(), tokens(); await office.reset_password(id),
            remove_user(id), remove_token(id), set_role(id, role), revoke_sessions(user_id)
problems    Problem(status, code, errors=…, headers=…, **details): raise it anywhere; its sentence
            stands in sentences.SENTENCES[code]; problem_of(exception) -> Problem
validation  parse(values: object, Struct type, strict=True) -> Struct; raises Invalid(faults)
            (answered 422 with all fields; forms: strict=False, catch Invalid, `.errors(language)`)
forms       await read_form(request) -> dict[str, str]
endpoint    Endpoint(method, path, roles, handler, answer, summary, body=…, query=…, status=…,
            refusals=…); Ask(body, query, path, identity, language, key, digest, request);
            routes(endpoints) -> list[Route]
openapi     document(endpoints, title, version, server) -> dict
templates   Templates.page(request, "surface/x.html", status=200, **values) -> HTMLResponse
            Templates.fragment("surface/_x.html", language, **values) -> str   (live frames)
            in every template: _ / ngettext / {% trans %}, lang, languages, static("css/x.css"),
            build, hall_name, date(ms or datetime), short_date(…), time(…) "09.15 WIB", clock(…);
            in pages also: identity (or None), here (path), switch("en") (this page in a language)
            base.html blocks: title, head, body_class, body_data, header, nav, content, scripts
i18n        Translations(folders, languages); `<folder>/locale/<language>.po`
assets      Assets(static, hashed_too): .url("js/x.js") -> "/static/<build>/js/x.js", .build
            (read at start: restart the server to see a changed file)
sign_in     GET/POST /sign-in, POST /sign-out, GET/POST /password
security    Security(app, …): headers, CSP, same-origin check, body limit, the visit in the scope
front       Front.make(office=…, static=…, surfaces=[folder, …], languages=…, zone=…, hall=…):
            .templates, .assets; .routes(homes=…), .middleware(…), .handlers() for Starlette(...)
"""
