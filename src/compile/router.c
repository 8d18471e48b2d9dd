#include "compile/router.h"

#include <stdarg.h>

#include "base/ascii.h"
#include "base/cold.h"

/* A text, and eight bytes of it: up to that length it is the only one of its length that has them. */
struct text {
    struct gri_str s;
    uint64_t digest;
};

/* An edge: a literal segment, or one with parameters. */
struct edge {
    struct edge *next;
    const struct gri_segment *segment;
    struct text text; /* of a literal */
    struct gri_node *node;
};

/* Where a path without parameters leads, so that most requests need no walk. */
struct gri_shortcut {
    struct text method, path;
    const struct gri_op *op; /* NULL: an empty place of the table */
};

struct op_list {
    struct op_list *next;
    const struct gri_op *op;
};

struct gri_node {
    struct edge *literals; /* found by their text */
    struct edge *patterns; /* tried in turn */
    struct edge *rests;    /* with a {name:path}: match all that is left */
    struct op_list *ops;   /* whose pattern ends here, in declaration order */
};

/* --- building --- */

static bool is_literal(const struct gri_segment *segment)
{
    return segment->n_params == 0;
}

static struct gri_str literal_text(const struct gri_segment *segment)
{
    return segment->n && is_literal(segment) ? segment->pieces[0].literal : GRI_STR("");
}

static struct text router_text_of(struct gri_str s)
{
    uint32_t first = 0, last = 0;
    if (s.len >= 4) {
        memcpy(&first, s.at, 4);
        memcpy(&last, s.at + s.len - 4, 4);
    } else if (s.len) {
        first = (uint32_t)(unsigned char)s.at[0] << 8 | (unsigned char)s.at[s.len / 2];
        last = (unsigned char)s.at[s.len - 1];
    }
    return (struct text){s, (uint64_t)first << 32 | last};
}

static bool is_router_same(const struct text *a, const struct text *b)
{
    if (a->digest != b->digest || a->s.len != b->s.len)
        return false;
    return a->s.len <= 8 || memcmp(a->s.at, b->s.at, a->s.len) == 0;
}

static struct gri_node *node_create(struct gri_router *router)
{
    struct gri_node *node = gri_arena_alloc(&router->arena, sizeof *node);
    if (node)
        *node = (struct gri_node){0};
    return node;
}

static struct gri_node *follow(struct gri_router *router, struct gri_node *from, const struct gri_segment *segment)
{
    struct edge **first = is_literal(segment) ? &from->literals : segment->has_path ? &from->rests : &from->patterns;
    struct edge **at = first;
    for (; *at; at = &(*at)->next)
        if (gri_segment_same((*at)->segment, segment))
            return (*at)->node;
    if (is_literal(segment)) /* one of them matches at most: the pages of the documentation, added first, come last */
        at = first;
    struct edge *edge = gri_arena_alloc(&router->arena, sizeof *edge);
    struct gri_node *node = node_create(router);
    if (!edge || !node)
        return NULL;
    *edge = (struct edge){.next = *at, .segment = segment, .text = router_text_of(literal_text(segment)), .node = node};
    *at = edge;
    return node;
}

static int add_op(struct gri_router *router, const struct gri_op *op)
{
    struct gri_node *node = router->root;
    for (size_t i = 0; node && i < op->pattern.n; i++)
        node = follow(router, node, &op->pattern.segments[i]);
    struct op_list *entry = node ? gri_arena_alloc(&router->arena, sizeof *entry) : NULL;
    if (!entry)
        return GR_ENOMEM;
    struct op_list **at = &node->ops;
    while (*at)
        at = &(*at)->next;
    *entry = (struct op_list){.op = op};
    *at = entry;
    return 0;
}

static size_t name_pieces(struct gri_str *names, size_t n, const struct gri_segment *segment)
{
    for (size_t i = 0; i < segment->n; i++)
        if (segment->pieces[i].name.len)
            names[n++] = segment->pieces[i].name;
    return n;
}

static int name_params(struct gri_router *router, struct gri_op *op)
{
    size_t n = 0;
    op->n_params = op->pattern.n_params + (op->host ? op->host->n_params : 0);
    op->param_names = gri_arena_alloc(&router->arena, (op->n_params + 1) * sizeof *op->param_names);
    if (!op->param_names)
        return GR_ENOMEM;
    for (size_t i = 0; i < op->pattern.n; i++)
        n = name_pieces(op->param_names, n, &op->pattern.segments[i]);
    if (op->host)
        name_pieces(op->param_names, n, op->host);
    return 0;
}

GR_PRINTF(2, 3) static const char *router_printf(struct gri_router *router, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *text = gri_arena_vprintf(&router->arena, fmt, args);
    va_end(args);
    return text ? text : "out of memory";
}

/* What is wrong where host and path have a parameter of one name; NULL: they have none. */
static const char *shared_name(struct gri_router *router, const struct gri_op *op, const struct gri_pattern *host)
{
    for (size_t s = 0; s < op->pattern.n; s++)
        for (size_t i = 0; i < op->pattern.segments[s].n; i++)
            for (size_t j = 0; j < host->segments->n; j++) {
                struct gri_str name = host->segments->pieces[j].name;
                if (name.len && gri_str_is(op->pattern.segments[s].pieces[i].name, name))
                    return router_printf(router, "the parameter \"%.*s\" is one of the path, too", (int)name.len,
                                         name.at);
            }
    return NULL;
}

void gri_host_lower(char *host, size_t len)
{
    for (size_t i = 0; i < len; i++)
        host[i] = gri_lower(host[i]);
}

/* A host is taken apart as a path of one segment, in lower case. */
static int parse_host(struct gri_router *router, struct gri_op *op, const char **why)
{
    const char *host = gri_route_taken(op->route)->host;
    size_t len = host ? strlen(host) : 0;
    char *path = host ? gri_arena_alloc(&router->arena, len + 2) : NULL;
    struct gri_pattern pattern;
    if (!host || !path)
        return host ? GR_ENOMEM : 0;
    path[0] = '/';
    memcpy(path + 1, host, len + 1);
    int rc = gri_pattern_parse(&pattern, path, &router->arena, why);
    if (rc)
        return rc;
    *why = shared_name(router, op, &pattern);
    if (!*why)
        *why = pattern.n != 1 || len == 0 || pattern.segments->has_path ? "a host has no slash" : NULL;
    if (!*why && op->pattern.n_params + pattern.n_params > GRI_MAX_PARAMS)
        *why = "too many parameters in path and host";
    for (size_t i = 0; i < pattern.segments->n; i++)
        gri_host_lower((char *)(uintptr_t)pattern.segments->pieces[i].literal.at,
                       pattern.segments->pieces[i].literal.len);
    op->host = pattern.segments;
    router->has_hosts = true;
    return *why ? GR_EINVAL : 0;
}

static bool is_empty_in_router(const gr_route *route)
{
    return gri_route_taken(route)->scope && route->path && !*route->path;
}

static int router_compile(struct gri_router *router, struct gri_op *op, gri_report_fn *report, void *arg)
{
    const char *why = NULL;
    int rc = gri_pattern_parse(&op->pattern, op->route->path, &router->arena, &why);
    if (rc == GR_EINVAL) {
        op->pattern = (struct gri_pattern){0};
        report(arg, "%s: the path \"%s\": %s", op->name, op->route->path ? op->route->path : "(null)",
               is_empty_in_router(op->route) ? "prefix and path cannot be both empty" : why);
    }
    if (rc == 0 && (rc = parse_host(router, op, &why)) == GR_EINVAL)
        report(arg, "%s: the host \"%s\": %s", op->name, gri_route_taken(op->route)->host, why);
    if (rc == 0)
        rc = name_params(router, op);
    return rc ? rc : add_op(router, op);
}

static int build_tree(struct gri_router *router, const struct gri_taken_route *const *routes, size_t n,
                      gri_report_fn *report, void *arg)
{
    *router = (struct gri_router){.n_ops = n};
    gri_arena_init(&router->arena, NULL, 0);
    router->ops = gri_arena_alloc(&router->arena, gri_size_mul(n + 1, sizeof *router->ops));
    router->root = node_create(router);
    int rc = router->ops && router->root ? 0 : GR_ENOMEM;
    for (size_t i = 0; rc != GR_ENOMEM && i < n; i++) {
        struct gri_op *op = &router->ops[i];
        const gr_route *route = &routes[i]->whole;
        *op = (struct gri_op){.route = route,
                              .name = routes[i]->name,
                              .method = gri_str_from(route->method),
                              .any_method = strcmp(route->method, "*") == 0,
                              .mount = routes[i]->mount,
                              .index = (unsigned)i};
        op->intake.input = route->input && *route->input ? (*route->input)() : NULL;
        int one = router_compile(router, op, report, arg);
        rc = one == GR_ENOMEM || rc == 0 ? one : rc;
    }
    return rc;
}

/* --- finding --- */

struct search {
    struct gri_str method;
    bool is_head;
    bool asked_host; /* an operation of the path is for some hosts only */
    struct gri_match *match;
    const struct gri_op *get; /* stands in for HEAD where that has no route */
    struct gri_str get_params[GRI_MAX_PARAMS];
    struct gri_str params[GRI_MAX_PARAMS]; /* of the branch being tried */
};

static void allow(struct gri_match *match, const char *method)
{
    for (unsigned i = 0; i < match->n_allowed; i++)
        if (strcmp(match->allowed[i], method) == 0)
            return;
    if (match->n_allowed < sizeof match->allowed / sizeof match->allowed[0])
        match->allowed[match->n_allowed++] = method;
}

/* The values of its parameters stand behind those of the path. */
static GRI_COLD bool is_at_host(struct search *search, const struct gri_op *op)
{
    search->asked_host = true;
    return gri_segment_match_one(op->host, search->match->host, search->params + op->pattern.n_params);
}

static bool is_earlier(const struct gri_op *op, const struct gri_op *than)
{
    return !than || op->index < than->index;
}

static void arrive(struct search *search, const struct gri_op *op)
{
    struct gri_match *match = search->match;
    size_t bytes = op->n_params * sizeof search->params[0];
    if (op->host && !is_at_host(search, op))
        return;
    allow(match, op->route->method);
    if ((op->any_method || gri_str_is(search->method, op->method)) && is_earlier(op, match->op)) {
        match->op = op;
        memcpy(match->params, search->params, bytes);
    } else if (search->is_head && strcmp(op->route->method, "GET") == 0 && is_earlier(op, search->get)) {
        search->get = op;
        memcpy(search->get_params, search->params, bytes);
    }
}

static void arrive_all(struct search *search, const struct gri_node *node)
{
    for (const struct op_list *entry = node->ops; entry; entry = entry->next)
        arrive(search, entry->op);
}

/* `more`: there is another segment, possibly empty, in `rest`. The depth is that of the declared patterns. */
static void walk(struct search *search, const struct gri_node *node, struct gri_str rest, bool more, unsigned n_params)
{
    if (!more) {
        arrive_all(search, node);
        return;
    }
    struct gri_str after, segment = gri_str_cut_soon(rest, '/', &after);
    bool goes_on = segment.len < rest.len;
    struct text text = router_text_of(segment);
    for (const struct edge *edge = node->literals; edge; edge = edge->next)
        if (is_router_same(&edge->text, &text)) {
            walk(search, edge->node, after, goes_on, n_params);
            break;
        }
    for (const struct edge *edge = node->patterns; edge; edge = edge->next)
        if (gri_segment_match_one(edge->segment, segment, search->params + n_params))
            walk(search, edge->node, after, goes_on, n_params + edge->segment->n_params);
    for (const struct edge *edge = node->rests; edge; edge = edge->next)
        if (gri_segment_match(edge->segment, rest, search->params + n_params))
            arrive_all(search, edge->node);
}

/* Whether the host was asked for. */
static bool search_tree(const struct gri_router *router, struct gri_str method, struct gri_str path,
                        struct gri_match *match)
{
    struct search search; /* without the room for parameters, which is not to be cleared */
    search.method = method;
    search.is_head = gri_str_is(method, GRI_STR("HEAD"));
    search.asked_host = false;
    search.match = match;
    search.get = NULL;
    if (path.len == 0 || path.at[0] != '/')
        return false;
    walk(&search, router->root, (struct gri_str){path.at + 1, path.len - 1}, true, 0);
    if (!match->op && search.get) {
        match->op = search.get;
        memcpy(match->params, search.get_params, search.get->n_params * sizeof match->params[0]);
    }
    return search.asked_host;
}

/* --- shortcuts --- */

/* The digest has a path's ends; those of one application often differ in the middle only. */
static size_t place_of(const struct gri_router *router, const struct text *path)
{
    uint64_t word, hash = path->digest ^ path->s.len;
    for (size_t i = 4; i + 8 < path->s.len; i += 8) {
        memcpy(&word, path->s.at + i, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    }
    return (size_t)((hash * 0x9e3779b97f4a7c15u) >> 32) & router->shortcut_mask;
}

/* Its entry, or the empty one that would be its. */
static struct gri_shortcut *find_shortcut(const struct gri_router *router, struct gri_str method, struct gri_str path)
{
    struct text verb = router_text_of(method), text = router_text_of(path);
    size_t at = place_of(router, &text);
    struct gri_shortcut *shortcut = &router->shortcuts[at];
    while (shortcut->op && !(is_router_same(&shortcut->path, &text) && is_router_same(&shortcut->method, &verb))) {
        at = (at + 1) & router->shortcut_mask;
        shortcut = &router->shortcuts[at];
    }
    return shortcut;
}

/* Each leads where the tree would lead: what was declared earlier may have matched the same path. */
static void add_shortcut(struct gri_router *router, const struct gri_op *op)
{
    struct gri_str path = gri_str_from(op->route->path);
    struct gri_match match = {.host = GRI_STR("")};
    bool asked_host = search_tree(router, op->method, path, &match);
    if (match.op && match.op->n_params == 0 && !asked_host)
        *find_shortcut(router, op->method, path) =
            (struct gri_shortcut){.method = router_text_of(op->method), .path = router_text_of(path), .op = match.op};
}

static int add_shortcuts(struct gri_router *router)
{
    size_t n = 2;
    while (n < router->n_ops * 2)
        n *= 2;
    router->shortcut_mask = n - 1;
    router->shortcuts = gri_arena_alloc(&router->arena, gri_size_mul(n, sizeof *router->shortcuts));
    if (!router->shortcuts)
        return GR_ENOMEM;
    memset(router->shortcuts, 0, n * sizeof *router->shortcuts);
    for (size_t i = 0; i < router->n_ops; i++)
        if (router->ops[i].param_names && router->ops[i].n_params == 0)
            add_shortcut(router, &router->ops[i]);
    return 0;
}

/* --- both together --- */

int gri_router_init(struct gri_router *router, const struct gri_taken_route *const *routes, size_t n,
                    gri_report_fn *report, void *arg)
{
    int rc = build_tree(router, routes, n, report, arg);
    return rc == GR_ENOMEM || add_shortcuts(router) == 0 ? rc : GR_ENOMEM;
}

void gri_router_finish(struct gri_router *router)
{
    gri_arena_finish(&router->arena);
    *router = (struct gri_router){0};
}

void gri_router_find(const struct gri_router *router, struct gri_str method, struct gri_str path,
                     struct gri_match *match)
{
    match->n_allowed = 0;
    match->op = find_shortcut(router, method, path)->op;
    if (!match->op)
        (void)search_tree(router, method, path, match);
}

bool gri_router_has(const struct gri_router *router, struct gri_str path, struct gri_str host)
{
    struct gri_match match;
    match.host = host;
    gri_router_find(router, GRI_STR("GET"), path, &match);
    return match.op || match.n_allowed > 0;
}
