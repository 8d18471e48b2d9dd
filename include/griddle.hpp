/* Griddle for C++17: the macros of C by the same names. Includes griddle.h.
 *
 *     struct read_item { std::int64_t item_id; const char *q; };
 *     static GR_INPUT(read_item, GR_PATH(item_id, GR_GE(1)), GR_QUERY(q, GR_OPTIONAL, gr::max_len(50)));
 *
 *     static gr_reply read_item(gr_co co, gr_req *req, const struct read_item *in) { ... }
 *     GR_GET("/items/{item_id}", read_item, gr::summary("Read one item"), gr::response(item_model));
 *
 * What differs from C:
 *   - an option that C writes as `.max_len = 50` is gr::max_len(50), with the same name and meaning; GR_OPTIONAL,
 *     GR_DEFAULT(x) and their like are the same;
 *   - the input of a handler is found by its type, so the struct may have any name; that there is a GR_INPUT of it,
 * before the route, is checked here already;
 *   - a list is a gr::list<T>, a map a gr::map<T> (GR_LIST_OF, GR_MAP_OF), which range-for goes through.
 *
 * The structs are C's: standard layout, trivially copied, since the library fills and reads them; what they point to
 * lives as long as the request. Two files that name different structs alike put them into unnamed namespaces. What the
 * library takes as a C function (a handler, a task) may be any function or captureless lambda of that type; an
 * exception must not leave it (griddle/co.h). Awaits, replies and all other functions are those of griddle.h. */
#ifndef GRIDDLE_HPP
#define GRIDDLE_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include <griddle.h>

/* As in griddle/model.h: mistakes are reported at the line that used a macro. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* Of a function that is chosen where something is wrong. */
#ifdef __has_attribute
#if __has_attribute(error)
#define GR_MISTAKE_(sentence) __attribute__((error(sentence)))
#endif
#endif
#ifndef GR_MISTAKE_
#define GR_MISTAKE_(sentence)
#endif

namespace gr
{

/* A list member; what null and empty are: see GR_LIST_OF in griddle/model.h. */
template <class T> struct list {
    T *at;
    std::size_t len;
    T *begin() const
    {
        return at;
    }
    T *end() const
    {
        return at + len;
    }
};

/* A member that is an object of any keys. */
template <class T, class K = const char *> struct map {
    struct entry {
        K key;
        T value;
    };
    entry *at;
    std::size_t len;
    entry *begin() const
    {
        return at;
    }
    entry *end() const
    {
        return at + len;
    }
};

/* Any list or map that is empty, and not null: GR_EMPTY. */
struct empty_sequence {
    template <class T> operator list<T>() const
    {
        return {static_cast<T *>(const_cast<void *>(static_cast<const void *>(gr_nothing))), 0};
    }
    template <class T, class K> operator map<T, K>() const
    {
        return {static_cast<typename map<T, K>::entry *>(const_cast<void *>(static_cast<const void *>(gr_nothing))), 0};
    }
};

namespace impl
{

/* --- options --- */

/* What sets a member of one of `Targets`. */
template <class F, class... Targets> struct option {
    F apply;
};
template <class... Targets, class F> constexpr option<F, Targets...> option_of(F apply)
{
    return {apply};
}

template <class Target, class T> struct is_option_of : std::false_type {
};
template <class Target, class F, class... Targets>
struct is_option_of<Target, option<F, Targets...>> : std::disjunction<std::is_same<Target, Targets>...> {
};

template <class Target, class... Options> constexpr bool fit = (is_option_of<Target, Options>::value && ...);

constexpr gr_constant constant(bool x)
{
    return {GR_CONSTANT_BOOL, x, 0, 0, nullptr};
}
constexpr gr_constant constant(const char *x)
{
    return {GR_CONSTANT_STRING, 0, 0, 0, x};
}
template <class T, std::enable_if_t<std::is_arithmetic_v<T> || std::is_enum_v<T>, int> = 0>
constexpr gr_constant constant(T x)
{
    if constexpr (std::is_floating_point_v<T>)
        return {GR_CONSTANT_DOUBLE, 0, 0, static_cast<double>(x), nullptr};
    else if constexpr (std::is_enum_v<T> || std::is_signed_v<T>)
        return {GR_CONSTANT_INT, static_cast<std::int64_t>(x), 0, 0, nullptr};
    else
        return {GR_CONSTANT_UINT, 0, static_cast<std::uint64_t>(x), 0, nullptr};
}

} // namespace impl

#define GR_OPTION_(target, name, type) \
    constexpr auto name(type value) \
    { \
        return impl::option_of<target>([=](target &o) { o.name = value; }); \
    }
#define GR_OPTION_OF_GROUPS_(name, type) \
    constexpr auto name(type value) \
    { \
        return impl::option_of<gr_route_options, gr_router, gr_include_options>([=](auto &o) { o.name = value; }); \
    }
#define GR_OPTION_OF_ALL_(name, type) \
    constexpr auto name(type value) \
    { \
        return impl::option_of<gr_field, gr_route_options, gr_router, gr_include_options>( \
            [=](auto &o) { o.name = value; }); \
    }
#define GR_BOUND_(name) \
    template <class T> constexpr auto name(T value) \
    { \
        return impl::option_of<gr_field>([c = impl::constant(value)](gr_field &o) { o.name = c; }); \
    }

/* Of a member: as in gr_field. */
GR_OPTION_(gr_field, optional, bool)
GR_OPTION_(gr_field, nullable, bool)
GR_BOUND_(default_value)
GR_BOUND_(ge)
GR_BOUND_(gt)
GR_BOUND_(le)
GR_BOUND_(lt)
GR_BOUND_(multiple_of)
GR_OPTION_(gr_field, min_len, std::size_t)
GR_OPTION_(gr_field, max_len, std::size_t)
GR_OPTION_(gr_field, min_items, std::size_t)
GR_OPTION_(gr_field, max_items, std::size_t)
GR_OPTION_(gr_field, unique, bool)
GR_OPTION_(gr_field, pattern, const char *)
GR_OPTION_(gr_field, format, gr_format)
GR_OPTION_(gr_field, validate, gr_validate_fn *)
GR_OPTION_(gr_field, extra, gr_extra)
GR_OPTION_(gr_field, embed, bool)
GR_OPTION_(gr_field, secret, bool)
GR_OPTION_(gr_field, defaults_required, bool)
GR_OPTION_(gr_field, discriminate, gr_discriminate_fn *)
GR_OPTION_(gr_field, alias, const char *)
GR_OPTION_(gr_field, title, const char *)
GR_OPTION_(gr_field, doc, const char *)
GR_OPTION_(gr_field, examples, const char *)
GR_OPTION_(gr_field, source, gr_source)
GR_OPTION_(gr_field, default_empty, bool)
GR_OPTION_(gr_field, default_list, const char *)
GR_OPTION_(gr_field, dedupe, bool)
GR_OPTION_(gr_field, omit_null, bool)
GR_OPTION_(gr_field, tuple, bool)
GR_OPTION_(gr_field, style, gr_style)
GR_OPTION_(gr_field, allow_inf_nan, bool)
GR_OPTION_(gr_field, max_digits, std::size_t)
GR_OPTION_(gr_field, decimal_places, int)
GR_OPTION_(gr_field, with, const void *)
GR_OPTION_(gr_field, scopes, const char *)
template <class... Text> constexpr auto literal(Text... text)
{
    static_assert(sizeof...(text) <= 8, "GR_LITERAL takes at most eight texts");
    return impl::option_of<gr_field>([=](gr_field &o) {
        std::size_t i = 0;
        ((o.literal[i++] = text), ...);
    });
}

/* Of a need and of a dependency: see griddle/dependency.h. */
constexpr auto uncached(bool value)
{
    return impl::option_of<gr_field, gr_dependency_options>([=](auto &o) { o.uncached = value; });
}
GR_OPTION_(gr_dependency_options, before_body, bool)
GR_OPTION_(gr_dependency_options, concurrent, bool)

/* Of a member, of a route, of a router and of an inclusion. */
GR_OPTION_OF_ALL_(deprecated, bool)
GR_OPTION_OF_ALL_(hidden, bool)

/* Of a route, of a router and of an inclusion. */
GR_OPTION_OF_GROUPS_(tags, const char *const *)
GR_OPTION_OF_GROUPS_(responses, const gr_response_list *)
GR_OPTION_OF_GROUPS_(callbacks, const gr_route *const *)
GR_OPTION_OF_GROUPS_(needs, const gr_dependency *const *)

/* Of a router: as in gr_router. */
GR_OPTION_(gr_router, routes, const gr_route *const *)
GR_OPTION_(gr_router, routers, const gr_router *const *)
GR_OPTION_(gr_router, middleware, const gr_middleware *const *)
GR_OPTION_(gr_router, host, const char *)

/* Of an inclusion: as in gr_include_options. */
GR_OPTION_(gr_include_options, prefix, const char *)
GR_OPTION_(gr_include_options, name, const char *)

/* Of a route: as in gr_route_options. */
GR_OPTION_(gr_route_options, summary, const char *)
GR_OPTION_(gr_route_options, description, const char *)
GR_OPTION_(gr_route_options, status, int)
GR_OPTION_(gr_route_options, response, gr_model_fn *)
GR_OPTION_(gr_route_options, response_list, bool)
GR_OPTION_(gr_route_options, response_include, const char *const *)
GR_OPTION_(gr_route_options, response_exclude, const char *const *)
GR_OPTION_(gr_route_options, response_exclude_unset, bool)
GR_OPTION_(gr_route_options, response_exclude_defaults, bool)
GR_OPTION_(gr_route_options, response_exclude_none, bool)
GR_OPTION_(gr_route_options, response_by_name, bool)
GR_OPTION_(gr_route_options, max_body_bytes, std::size_t)
GR_OPTION_(gr_route_options, deadline_ms, std::int64_t)
GR_OPTION_(gr_route_options, stream_body, bool)
GR_OPTION_(gr_route_options, finish_if_abandoned, bool)
GR_OPTION_(gr_route_options, operation_id, const char *)
GR_OPTION_(gr_route_options, response_description, const char *)
GR_OPTION_(gr_route_options, response_type, const char *)
GR_OPTION_(gr_route_options, external_docs, gr_link)
GR_OPTION_(gr_route_options, openapi_extra, const char *)
GR_OPTION_(gr_route_options, lax_content_type, bool)
GR_OPTION_(gr_route_options, stack_bytes, std::size_t)
#undef GR_OPTION_
#undef GR_OPTION_OF_GROUPS_
#undef GR_OPTION_OF_ALL_
#undef GR_BOUND_

namespace impl
{

/* --- members --- */

template <class T, class... Others> constexpr bool is_any = (std::is_same_v<T, Others> || ...);

/* The gr_type of a value; 0: it is none. */
template <class T> constexpr unsigned value_type()
{
    if constexpr (std::is_same_v<T, bool>)
        return GR_TYPE_BOOL;
    else if constexpr (is_any<T, signed char, short, int, long, long long>)
        return sizeof(T) == 1   ? GR_TYPE_INT8
               : sizeof(T) == 2 ? GR_TYPE_INT16
               : sizeof(T) == 4 ? GR_TYPE_INT32
                                : GR_TYPE_INT64;
    else if constexpr (is_any<T, unsigned char, unsigned short, unsigned, unsigned long, unsigned long long>)
        return sizeof(T) == 1   ? GR_TYPE_UINT8
               : sizeof(T) == 2 ? GR_TYPE_UINT16
               : sizeof(T) == 4 ? GR_TYPE_UINT32
                                : GR_TYPE_UINT64;
    else if constexpr (std::is_floating_point_v<T>)
        return is_any<T, float> ? GR_TYPE_FLOAT : is_any<T, double> ? GR_TYPE_DOUBLE : 0;
    else
        return is_any<T, gr_bytes>      ? GR_TYPE_BYTES
               : is_any<T, gr_date>     ? GR_TYPE_DATE
               : is_any<T, gr_time>     ? GR_TYPE_TIME
               : is_any<T, gr_datetime> ? GR_TYPE_DATETIME
               : is_any<T, gr_duration> ? GR_TYPE_DURATION
               : is_any<T, gr_uuid>     ? GR_TYPE_UUID
               : is_any<T, gr_decimal>  ? GR_TYPE_DECIMAL
                                        : 0;
}

/* The same, of what may stand in a list: texts too. */
template <class T> constexpr unsigned item_type()
{
    return is_any<T, const char *> ? GR_TYPE_STRING : is_any<T, json_t *> ? GR_TYPE_JSON : value_type<T>();
}

template <class T> using pointed = std::remove_cv_t<std::remove_pointer_t<T>>;

/* And of a member of GR_FIELD. */
template <class T> constexpr unsigned field_type()
{
    if constexpr (std::is_array_v<T> && is_any<std::remove_extent_t<T>, char>)
        return GR_TYPE_CHARS | static_cast<unsigned>(sizeof(T)) << GR_CHARS_SHIFT;
    else if constexpr (std::is_pointer_v<T> && value_type<pointed<T>>() != 0)
        return value_type<pointed<T>>() | GR_POINTER;
    else
        return item_type<T>();
}

/* Of a struct or an enum, or a pointer to one. */
template <class T, class Wanted> constexpr bool is_or_points_to = is_any<Wanted, T, pointed<T>>;
template <class T> constexpr unsigned pointer_flag = std::is_pointer_v<T> ? GR_POINTER : 0U;

/* What a list or a map holds; void: it is neither. */
template <class T, class = void> struct sequence {
    using item = void;
    using value = void;
};
template <class T> struct sequence<T, std::void_t<decltype(T::at), decltype(T::len)>> {
    static constexpr bool fits = std::is_pointer_v<decltype(T::at)> && is_any<decltype(T::len), std::size_t> &&
                                 sizeof(T) == sizeof(void *) + sizeof(std::size_t);
    using item = std::conditional_t<fits && !is_any<T, gr_bytes>, std::remove_pointer_t<decltype(T::at)>, void>;
};
template <class T> using item_of = typename sequence<T>::item;
template <class T> using bare_item_of = std::remove_cv_t<item_of<T>>;

template <class T, class = void> struct entry {
    using value = void;
    static constexpr unsigned key_type = 0;
    static constexpr std::size_t stride = 0, offset = 0;
};
template <class T> struct entry<T, std::void_t<decltype(T::key), decltype(T::value)>> {
    using value = decltype(T::value);
    static constexpr unsigned key_type = is_any<decltype(T::key), const char *> ? 0 : value_type<decltype(T::key)>();
    static constexpr std::size_t stride = sizeof(T), offset = offsetof(T, value);
};
template <class T> using entry_of = entry<bare_item_of<T>>;
template <class T> using value_of = typename entry_of<T>::value;

template <class... Options, std::enable_if_t<fit<gr_field, Options...>, int> = 0>
constexpr gr_field field(bool, const char *name, std::size_t offset, unsigned type, const Options &...options)
{
    gr_field made{};
    made.name = name;
    made.offset = offset;
    made.type = type;
    (options.apply(made), ...);
    return made;
}
template <class... Options, std::enable_if_t<!fit<gr_field, Options...>, int> = 0>
GR_MISTAKE_("an option of a member is one of gr:: in its list of those, or a macro like GR_OPTIONAL")
gr_field field(bool, const char *, std::size_t, unsigned, const Options &...) noexcept;

constexpr auto of_model(gr_model_fn *model)
{
    return option_of<gr_field>([=](gr_field &o) { o.model = model; });
}
constexpr auto of_enum(std::size_t size, const gr_enum *values)
{
    return option_of<gr_field>([=](gr_field &o) {
        o.size = size;
        o.values = values;
    });
}
constexpr auto of_count(std::size_t count)
{
    return option_of<gr_field>([=](gr_field &o) { o.count = count; });
}
constexpr auto of_entries(std::size_t stride, std::size_t offset, unsigned key_type)
{
    return option_of<gr_field>([=](gr_field &o) {
        o.stride = stride;
        o.value_offset = offset;
        o.key_type = key_type;
    });
}
template <class T> constexpr auto of_tag_value(T value)
{
    return option_of<gr_field>([=](gr_field &o) { o.tag_value = static_cast<std::int64_t>(value); });
}

/* A value of any enum and its name. */
struct enum_value : gr_enum_value {
    template <class E> constexpr enum_value(E e, const char *text) : gr_enum_value{static_cast<std::int64_t>(e), text}
    {
    }
};

template <class T> constexpr gr_model table(const char *name, const gr_field *fields)
{
    static_assert(std::is_standard_layout_v<T> && std::is_trivially_copyable_v<T>,
                  "a struct with a table is C's: it has no std::string, no virtual function, nothing to be destroyed");
    return {sizeof(gr_model), sizeof(gr_field), sizeof(T), name, fields};
}

/* --- routes --- */

template <gr_kind Kind, class In> struct shape {
    static constexpr bool fits = true;
    static constexpr gr_kind kind = Kind;
    using input = In;
};
struct no_shape : shape<GR_ASYNC, void> {
    static constexpr bool fits = false;
};
template <class In> shape<GR_ASYNC, In> shape_of(gr_reply (*)(gr_co, gr_req *, const In *));
template <class In> shape<GR_BLOCKING, In> shape_of(gr_reply (*)(gr_req *, const In *));
shape<GR_ASYNC, void> shape_of(gr_reply (*)(gr_co, gr_req *));
shape<GR_BLOCKING, void> shape_of(gr_reply (*)(gr_req *));
no_shape shape_of(...);

template <auto fn> using shape_for = decltype(shape_of(fn));
template <auto fn> constexpr bool is_handler = shape_for<fn>::fits;

/* Everything that depends on a struct is a template of the handler too, so that files with different structs of one
 * name do not share it. gr_input_of() is found where the struct is: GR_INPUT made it. */
template <auto fn, class In, class = void> struct input {
    static constexpr bool exists = std::is_void_v<In>;
    static constexpr gr_model_fn *const *ref = nullptr;
};
template <auto fn, class In>
struct input<fn, In, std::void_t<decltype(gr_input_of(static_cast<const In *>(nullptr)))>> {
    static const gr_model *get()
    {
        return gr_input_of(static_cast<const In *>(nullptr));
    }
    static constexpr bool exists = true;
    static constexpr gr_model_fn *made = get;
    static constexpr gr_model_fn *const *ref = &made;
};
template <auto fn> using input_for = input<fn, typename shape_for<fn>::input>;

template <auto fn> gr_reply call(gr_co co, gr_req *req, const void *in)
{
    using S = shape_for<fn>;
    (void)co, (void)req, (void)in;
    if constexpr (!S::fits)
        return {};
    else if constexpr (std::is_void_v<typename S::input> && S::kind == GR_ASYNC)
        return fn(co, req);
    else if constexpr (std::is_void_v<typename S::input>)
        return fn(req);
    else if constexpr (S::kind == GR_ASYNC)
        return fn(co, req, static_cast<const typename S::input *>(in));
    else
        return fn(req, static_cast<const typename S::input *>(in));
}

template <auto fn> constexpr bool takes_input = !std::is_void_v<typename shape_for<fn>::input>;

template <class... Options, std::enable_if_t<fit<gr_route_options, Options...>, int> = 0>
constexpr gr_route_options route_options(bool, const Options &...options)
{
    gr_route_options made{};
    (options.apply(made), ...);
    return made;
}
template <class... Options, std::enable_if_t<!fit<gr_route_options, Options...>, int> = 0>
GR_MISTAKE_("an option of a route is one of gr:: in its list of those")
gr_route_options route_options(bool, const Options &...) noexcept;

/* --- routers --- */

template <class... Options, std::enable_if_t<fit<gr_router, Options...>, int> = 0>
constexpr gr_router router(const char *name, const char *prefix, const Options &...options)
{
    gr_router made{};
    made.size = sizeof made;
    made.name = name;
    made.prefix = prefix;
    (options.apply(made), ...);
    return made;
}
template <class... Options, std::enable_if_t<!fit<gr_router, Options...>, int> = 0>
GR_MISTAKE_("an option of a router is one of gr:: in its list of those")
gr_router router(const char *, const char *, const Options &...) noexcept;

/* --- dependencies --- */

template <gr_kind Kind, class In, class T, class Owner = gr_req> struct need_shape : shape<Kind, In> {
    using value = T;
    using owner = Owner;
};
struct no_need_shape : no_shape {
    using value = void;
    using owner = gr_req;
};
struct no_made_shape : no_need_shape {
    using owner = gr_app;
};
template <class In, class T> need_shape<GR_ASYNC, In, T> need_shape_of(int (*)(gr_co, gr_req *, const In *, T *));
template <class In, class T> need_shape<GR_BLOCKING, In, T> need_shape_of(int (*)(gr_req *, const In *, T *));
template <class T> need_shape<GR_ASYNC, void, T> need_shape_of(int (*)(gr_co, gr_req *, T *));
template <class T> need_shape<GR_BLOCKING, void, T> need_shape_of(int (*)(gr_req *, T *));
no_need_shape need_shape_of(...);
template <class In> need_shape<GR_ASYNC, In, void> guard_shape_of(int (*)(gr_co, gr_req *, const In *));
template <class In> need_shape<GR_BLOCKING, In, void> guard_shape_of(int (*)(gr_req *, const In *));
need_shape<GR_ASYNC, void, void> guard_shape_of(int (*)(gr_co, gr_req *));
need_shape<GR_BLOCKING, void, void> guard_shape_of(int (*)(gr_req *));
no_need_shape guard_shape_of(...);

template <class In, class T>
need_shape<GR_ASYNC, In, T, gr_app> made_shape_of(int (*)(gr_co, gr_app *, const In *, T *));
template <class In, class T> need_shape<GR_BLOCKING, In, T, gr_app> made_shape_of(int (*)(gr_app *, const In *, T *));
template <class T> need_shape<GR_ASYNC, void, T, gr_app> made_shape_of(int (*)(gr_co, gr_app *, T *));
template <class T> need_shape<GR_BLOCKING, void, T, gr_app> made_shape_of(int (*)(gr_app *, T *));
no_made_shape made_shape_of(...);

template <auto fn> using made_shape_for = decltype(made_shape_of(fn));
template <auto fn> using need_shape_for = decltype(need_shape_of(fn));
template <auto fn> using guard_shape_for = decltype(guard_shape_of(fn));

struct no_value;
template <class T> constexpr std::size_t size_of_value = sizeof(T);
template <> constexpr std::size_t size_of_value<no_value> = 0;

template <auto fn, class S> int call_need(gr_co co, typename S::owner *of, const void *in, void *value)
{
    using In = typename S::input;
    using T = typename S::value;
    (void)co, (void)of, (void)in, (void)value;
    if constexpr (!S::fits)
        return 0;
    else if constexpr (std::is_void_v<T> && std::is_void_v<In> && S::kind == GR_ASYNC)
        return fn(co, of);
    else if constexpr (std::is_void_v<T> && std::is_void_v<In>)
        return fn(of);
    else if constexpr (std::is_void_v<T> && S::kind == GR_ASYNC)
        return fn(co, of, static_cast<const In *>(in));
    else if constexpr (std::is_void_v<T>)
        return fn(of, static_cast<const In *>(in));
    else if constexpr (std::is_void_v<In> && S::kind == GR_ASYNC)
        return fn(co, of, static_cast<T *>(value));
    else if constexpr (std::is_void_v<In>)
        return fn(of, static_cast<T *>(value));
    else if constexpr (S::kind == GR_ASYNC)
        return fn(co, of, static_cast<const In *>(in), static_cast<T *>(value));
    else
        return fn(of, static_cast<const In *>(in), static_cast<T *>(value));
}

template <auto fn, class S> constexpr gr_depend_fn *call_of()
{
    if constexpr (std::is_same_v<typename S::owner, gr_req>)
        return call_need<fn, S>;
    else
        return nullptr;
}
template <auto fn, class S> constexpr gr_app_depend_fn *make_of()
{
    if constexpr (std::is_same_v<typename S::owner, gr_app>)
        return call_need<fn, S>;
    else
        return nullptr;
}

template <class... Options, std::enable_if_t<fit<gr_dependency_options, Options...>, int> = 0>
constexpr gr_dependency_options need_options(bool, const Options &...options)
{
    gr_dependency_options made{};
    (options.apply(made), ...);
    return made;
}
template <class... Options, std::enable_if_t<!fit<gr_dependency_options, Options...>, int> = 0>
GR_MISTAKE_("an option of a dependency is gr::uncached, gr::before_body or gr::concurrent")
gr_dependency_options need_options(bool, const Options &...) noexcept;

template <auto fn, class S, class T, class... Options>
constexpr gr_dependency dependency(const char *name, const Options &...options)
{
    return {sizeof(gr_dependency),
            name,
            S::kind,
            std::is_same_v<typename S::owner, gr_app> ? GR_OF_APP : GR_OF_REQUEST,
            !std::is_void_v<typename S::input>,
            size_of_value<T>,
            call_of<fn, S>(),
            make_of<fn, S>(),
            input<fn, typename S::input>::ref,
            need_options(true, options...)};
}

template <class M, class T> constexpr bool is_need = std::is_same_v<M, T> || std::is_same_v<M, const T *>;

constexpr auto of_need(std::size_t size, const gr_dependency *dependency)
{
    return option_of<gr_field>([=](gr_field &o) {
        o.size = size;
        o.dependency = dependency;
    });
}

inline int gather(gr_co co, std::initializer_list<gr_job> jobs)
{
    return gr_gather_n(co, jobs.begin(), jobs.size());
}
inline int gather_all(gr_co co, int *results, std::initializer_list<gr_job> jobs)
{
    return gr_gather_all_n(co, jobs.begin(), jobs.size(), results);
}
inline int race(gr_co co, std::size_t *winner, std::initializer_list<gr_job> jobs)
{
    return gr_race_n(co, jobs.begin(), jobs.size(), winner);
}

inline int after(gr_req *req, const char *name, gr_after_fn *fn, void *arg)
{
    return gr_after_blocking(req, name, fn, arg);
}
inline int after(gr_req *req, const char *name, gr_async_after_fn *fn, void *arg)
{
    return gr_after_async(req, name, fn, arg);
}

inline int on_start(gr_app *app, const char *name, gr_start_fn *fn)
{
    return gr_app_on_start_blocking(app, name, fn);
}
inline int on_start(gr_app *app, const char *name, gr_async_start_fn *fn)
{
    return gr_app_on_start_async(app, name, fn);
}
inline int on_stop(gr_app *app, const char *name, gr_stop_fn *fn)
{
    return gr_app_on_stop_blocking(app, name, fn);
}
inline int on_stop(gr_app *app, const char *name, gr_async_stop_fn *fn)
{
    return gr_app_on_stop_async(app, name, fn);
}

} // namespace impl

} // namespace gr

/* --- what C tells apart by _Generic, C++ does by overloads --- */

template <class... Routes> inline int gr_app_add(gr_app *app, const Routes *...routes)
{
    static_assert((std::is_same_v<Routes, gr_route> && ...),
                  "gr_app_add() takes the application and addresses of routes");
    const gr_route *const all[] = {routes...};
    return gr_app_add_n(app, all, sizeof...(routes));
}

/* gr_use(app, fn), gr_use(app, fn, &config) where it takes an argument; behind that a name for logs. */
inline int gr_use(gr_app *app, gr_middleware_fn *fn, const char *name = nullptr)
{
    const gr_middleware middleware = {sizeof middleware, name, fn, nullptr, nullptr, nullptr, {nullptr, nullptr, 0}};
    return gr_use_middleware(app, &middleware);
}
inline int gr_use(gr_app *app, gr_blocking_middleware_fn *fn, const char *name = nullptr)
{
    const gr_middleware middleware = {sizeof middleware, name, nullptr, fn, nullptr, nullptr, {nullptr, nullptr, 0}};
    return gr_use_middleware(app, &middleware);
}
inline int gr_use(gr_app *app, gr_middleware_with_fn *fn, const void *with, const char *name = nullptr)
{
    const gr_middleware middleware = {sizeof middleware, name, nullptr, nullptr, fn, nullptr, {nullptr, with, 0}};
    return gr_use_middleware(app, &middleware);
}
inline int gr_use(gr_app *app, gr_blocking_middleware_with_fn *fn, const void *with, const char *name = nullptr)
{
    const gr_middleware middleware = {sizeof middleware, name, nullptr, nullptr, nullptr, fn, {nullptr, with, 0}};
    return gr_use_middleware(app, &middleware);
}

GR_MUST_USE inline int gr_app_defer(gr_app *app, gr_async_app_teardown_fn *fn, void *arg)
{
    return gr_app_defer_async(app, fn, arg);
}
GR_MUST_USE inline int gr_app_defer(gr_app *app, gr_app_teardown_fn *fn, void *arg)
{
    return gr_app_defer_blocking(app, fn, arg);
}
/* gr_app_include(app, &users_router, gr::prefix("/api/v1"), gr::deprecated(true)) */
inline int gr_app_include(gr_app *app, const gr_router *router, const gr_include_options &options)
{
    return gr_app_include_with(app, router, &options);
}
inline int gr_app_include(gr_app *app, const gr_router *router)
{
    return gr_app_include_with(app, router, nullptr);
}
template <class Option, class... Options,
          std::enable_if_t<gr::impl::fit<gr_include_options, Option, Options...>, int> = 0>
inline int gr_app_include(gr_app *app, const gr_router *router, const Option &first, const Options &...rest)
{
    gr_include_options made{};
    made.size = sizeof made;
    first.apply(made);
    (rest.apply(made), ...);
    return gr_app_include_with(app, router, &made);
}

namespace gr
{
namespace impl
{

template <class T> inline gr_url_arg url_arg(const char *name, T value)
{
    if constexpr (std::is_convertible_v<T, const char *>)
        return gr_url_text(name, value);
    else if constexpr (std::is_same_v<T, gr_uuid>)
        return gr_url_uuid(name, value);
    else if constexpr (std::is_floating_point_v<T>)
        return gr_url_double(name, value);
    else if constexpr (std::is_unsigned_v<T>)
        return gr_url_uint(name, value);
    else {
        static_assert(std::is_integral_v<T>, "a value of a parameter is a text, a number or a gr_uuid");
        return gr_url_int(name, value);
    }
}

inline void url_args(gr_url_arg *at)
{
    *at = gr_url_text(nullptr, nullptr);
}
template <class T, class... More> inline void url_args(gr_url_arg *at, const char *name, T value, More... more)
{
    static_assert(sizeof...(more) % 2 == 0, "of a URL's parameters each has a name and a value: \"item_id\", 7");
    *at = url_arg(name, value);
    url_args(at + 1, more...);
}

} // namespace impl
} // namespace gr

/* gr_url_for(req, "read_item", "item_id", 7), and GR_URL_FOR(req, read_item, "item_id", 7) of its route. */
template <class... Args> inline const char *gr_url_for(gr_req *req, const char *name, Args... pairs)
{
    gr_url_arg args[sizeof...(pairs) / 2 + 1];
    gr::impl::url_args(args, pairs...);
    return gr_url_for_name(req, name, args);
}
template <class... Args> inline const char *gr_url_for(gr_req *req, const gr_route *route, Args... pairs)
{
    gr_url_arg args[sizeof...(pairs) / 2 + 1];
    gr::impl::url_args(args, pairs...);
    return gr_url_for_route(req, route, args);
}
#define GR_URL_FOR(req, route, ...) gr_url_for((req), static_cast<const gr_route *>(&route##_route), ##__VA_ARGS__)

GR_MUST_USE inline int gr_defer(gr_req *req, gr_async_teardown_fn *fn, void *arg)
{
    return gr_defer_async(req, fn, arg);
}
GR_MUST_USE inline int gr_defer(gr_req *req, gr_teardown_fn *fn, void *arg)
{
    return gr_defer_blocking(req, fn, arg);
}

GR_MUST_USE inline int gr_defer_early(gr_req *req, gr_async_early_fn *fn, void *arg)
{
    return gr_defer_early_async(req, fn, arg);
}
GR_MUST_USE inline int gr_defer_early(gr_req *req, gr_early_fn *fn, void *arg)
{
    return gr_defer_early_blocking(req, fn, arg);
}

GR_MUST_USE inline gr_reply gr_stream(gr_req *req, const char *content_type, gr_write_fn *fn, void *arg)
{
    return gr_stream_async(req, content_type, fn, arg);
}
GR_MUST_USE inline gr_reply gr_stream(gr_req *req, const char *content_type, gr_blocking_write_fn *fn, void *arg)
{
    return gr_stream_blocking(req, content_type, fn, arg);
}

using gr_strings = gr::list<const char *>;
using gr_ints = gr::list<std::int64_t>;
using gr_doubles = gr::list<double>;

/* clang-format off */

#define gr_app_on_start(app, fn)         gr::impl::on_start((app), #fn, (fn))
#define gr_app_on_stop(app, fn)          gr::impl::on_stop((app), #fn, (fn))
#define gr_after(req, fn, arg)           gr::impl::after((req), #fn, (fn), (arg))
#define gr_gather(co, ...)               gr::impl::gather((co), {__VA_ARGS__})
#define gr_gather_all(co, results, ...)  gr::impl::gather_all((co), (results), {__VA_ARGS__})
#define gr_race(co, winner, ...)         gr::impl::race((co), (winner), {__VA_ARGS__})

/* --- models: see griddle/model.h --- */

#define GR_LIST_OF(T) gr::list<T>
#define GR_MAP_OF(T)  gr::map<T>
#define GR_MAP_FROM(K, T) gr::map<T, K>
#define GR_EMPTY      gr::empty_sequence{}

#define GR_MODEL(tag, ...)         GR_TABLE_FN_(tag, tag##_model, __VA_ARGS__) GR_MODEL_REPLIES_(tag)
#define GR_DEFINE_MODEL(tag, ...)  GR_TABLE_FN_(tag, tag##_model, __VA_ARGS__) struct tag
#define GR_DECLARE_MODEL(tag)      const gr_model *tag##_model(void); GR_MODEL_REPLIES_(tag)

#define GR_VALUES(tag, ...)                                                                               \
    const gr_enum &tag##_values = []() -> const gr_enum & {                                               \
        static const gr::impl::enum_value values[] = {__VA_ARGS__};                                       \
        static_assert(sizeof(gr::impl::enum_value) == sizeof(gr_enum_value));                             \
        static const gr_enum made = {sizeof(gr_enum), #tag, values, sizeof values / sizeof *values};      \
        return made;                                                                                      \
    }()

#define GR_FIELD(m, ...)                                                                                  \
    GR_MEMBER_(m, gr::impl::field_type<GR_M_(m)>() != 0,                                                  \
        "GR_FIELD: the member is no scalar, text or pointer to a scalar: see GR_OBJECT, GR_LIST and others", \
        gr::impl::field_type<GR_M_(m)>(), ##__VA_ARGS__)
#define GR_ENUM(m, tag, ...)                                                                              \
    GR_MEMBER_(m, (gr::impl::is_or_points_to<GR_M_(m), enum tag>),                                        \
        "GR_ENUM: the member is not of this enum, nor a pointer to one",                                  \
        GR_TYPE_ENUM | gr::impl::pointer_flag<GR_M_(m)>, gr::impl::of_enum(sizeof(enum tag), &tag##_values), \
        ##__VA_ARGS__)
#define GR_OBJECT(m, tag, ...)                                                                            \
    GR_MEMBER_(m, (gr::impl::is_or_points_to<GR_M_(m), struct tag>),                                      \
        "GR_OBJECT: the member is not of this struct, nor a pointer to one",                              \
        GR_TYPE_OBJECT | gr::impl::pointer_flag<GR_M_(m)>, gr::impl::of_model(tag##_model), ##__VA_ARGS__)
#define GR_LIST(m, ...)                                                                                   \
    GR_MEMBER_(m, gr::impl::item_type<gr::impl::item_of<GR_M_(m)>>() != 0,                                \
        "GR_LIST: the member is no GR_LIST_OF(a scalar or a text)",                                       \
        GR_SEQUENCE | gr::impl::item_type<gr::impl::item_of<GR_M_(m)>>(), ##__VA_ARGS__)
#define GR_ENUMS(m, tag, ...)                                                                             \
    GR_MEMBER_(m, (std::is_same_v<gr::impl::bare_item_of<GR_M_(m)>, enum tag>),                           \
        "GR_ENUMS: the member is no GR_LIST_OF(this enum)",                                               \
        GR_SEQUENCE | GR_TYPE_ENUM, gr::impl::of_enum(sizeof(enum tag), &tag##_values), ##__VA_ARGS__)
#define GR_OBJECTS(m, tag, ...)                                                                           \
    GR_MEMBER_(m, (std::is_same_v<gr::impl::bare_item_of<GR_M_(m)>, struct tag>),                         \
        "GR_OBJECTS: the member is no GR_LIST_OF(this struct)",                                           \
        GR_SEQUENCE | GR_TYPE_OBJECT, gr::impl::of_model(tag##_model), ##__VA_ARGS__)
#define GR_ARRAY(m, ...)                                                                                  \
    GR_MEMBER_(m, std::is_array_v<GR_M_(m)> && gr::impl::item_type<std::remove_extent_t<GR_M_(m)>>() != 0, \
        "GR_ARRAY: the member is no array of a scalar or a text",                                         \
        GR_FIXED | gr::impl::item_type<std::remove_extent_t<GR_M_(m)>>(),                                 \
        gr::impl::of_count(std::extent_v<GR_M_(m)>), ##__VA_ARGS__)
#define GR_MAP(m, ...)                   GR_MAP_(m, 0U, ##__VA_ARGS__)
#define GR_MAP_OBJECTS(m, tag, ...)      GR_MAP_OBJECTS_(m, tag, 0U, ##__VA_ARGS__)
#define GR_REST_MAP(m, ...)              GR_MAP_(m, GR_OTHERS, ##__VA_ARGS__)
#define GR_REST_OBJECTS(m, tag, ...)     GR_MAP_OBJECTS_(m, tag, GR_OTHERS, ##__VA_ARGS__)
#define GR_REST(m, ...)                                                                                   \
    GR_MEMBER_(m, (std::is_same_v<GR_M_(m), json_t *>), "GR_REST: the member is no json_t *",             \
        GR_OTHERS | GR_TYPE_JSON, ##__VA_ARGS__)
#define GR_MAP_(m, others, ...)                                                                           \
    GR_MEMBER_(m, gr::impl::item_type<gr::impl::value_of<GR_M_(m)>>() != 0,                               \
        "GR_MAP: the member is no GR_MAP_OF(a scalar or a text)",                                         \
        (others) | GR_MAPPING | gr::impl::item_type<gr::impl::value_of<GR_M_(m)>>(), GR_ENTRIES_(m), ##__VA_ARGS__)
#define GR_MAP_OBJECTS_(m, tag, others, ...)                                                                       \
    GR_MEMBER_(m, (std::is_same_v<gr::impl::value_of<GR_M_(m)>, struct tag>),                             \
        "GR_MAP_OBJECTS: the member is no GR_MAP_OF(this struct)",                                        \
        (others) | GR_MAPPING | GR_TYPE_OBJECT, gr::impl::of_model(tag##_model), GR_ENTRIES_(m), ##__VA_ARGS__)
#define GR_TAG(m, ...)                                                                                    \
    GR_MEMBER_(m, std::is_integral_v<GR_M_(m)> || std::is_enum_v<GR_M_(m)>,                               \
        "GR_TAG: the member is no integer or enum", GR_TYPE_TAG,                                          \
        gr::impl::of_enum(sizeof(GR_M_(m)), nullptr), ##__VA_ARGS__)
#define GR_ARM(m, tag, number, ...)                                                                       \
    GR_MEMBER_(m, (std::is_same_v<GR_M_(m), struct tag>), "GR_ARM: the member is not of this struct",     \
        GR_TYPE_ARM, gr::impl::of_model(tag##_model), gr::impl::of_tag_value(number), ##__VA_ARGS__)
#define GR_ROOT gr::impl::field(true, "", 0, GR_TYPE_ROOT)
#define GR_EITHER(m)                                                                                      \
    GR_MEMBER_(m, std::is_integral_v<GR_M_(m)> || std::is_enum_v<GR_M_(m)>,                               \
        "GR_EITHER: the member is no integer or enum", GR_TYPE_EITHER,                                    \
        gr::impl::of_enum(sizeof(GR_M_(m)), nullptr))
#define GR_EITHER_BY(m, fn)                                                                               \
    GR_MEMBER_(m, std::is_integral_v<GR_M_(m)> || std::is_enum_v<GR_M_(m)>,                               \
        "GR_EITHER_BY: the member is no integer or enum", GR_TYPE_EITHER,                                 \
        gr::impl::of_enum(sizeof(GR_M_(m)), nullptr), gr::discriminate(fn), gr::alias(#fn "()"))
#define GR_CASE(m, number, ...)              GR_FIELD(m, gr::impl::of_tag_value(number), ##__VA_ARGS__)
#define GR_CASE_ENUM(m, tag, number, ...)    GR_ENUM(m, tag, gr::impl::of_tag_value(number), ##__VA_ARGS__)
#define GR_CASE_OBJECT(m, tag, number, ...)  GR_OBJECT(m, tag, gr::impl::of_tag_value(number), ##__VA_ARGS__)
#define GR_CASE_LIST(m, number, ...)         GR_LIST(m, gr::impl::of_tag_value(number), ##__VA_ARGS__)
#define GR_CASE_OBJECTS(m, tag, number, ...) GR_OBJECTS(m, tag, gr::impl::of_tag_value(number), ##__VA_ARGS__)
#define GR_CASE_MAP(m, number, ...)          GR_MAP(m, gr::impl::of_tag_value(number), ##__VA_ARGS__)
#define GR_CASE_MAP_OBJECTS(m, tag, number, ...)                                                          \
    GR_MAP_OBJECTS(m, tag, gr::impl::of_tag_value(number), ##__VA_ARGS__)
#define GR_SET(m)                                                                                         \
    GR_MEMBER_(m, (std::is_same_v<GR_M_(m), gr_set>), "GR_SET: the member is no gr_set", GR_TYPE_SET)
#define GR_SELF(...) gr::impl::field(true, "", 0, GR_TYPE_SELF, ##__VA_ARGS__)

#define GR_IS_SET(p, m)    gr_set_has(&(p)->set, GR_OFFSET_(p, m))
#define GR_IS_NULL(p, m)   gr_set_is_null(&(p)->set, GR_OFFSET_(p, m))
#define GR_MARK(p, tag, m) gr_set_mark(&(p)->set, tag##_model(), offsetof(struct tag, m))

#define GR_OPTIONAL       gr::optional(true)
#define GR_NULLABLE       gr::nullable(true)
#define GR_DEFAULT(x)     gr::default_value(x)
#define GR_DEFAULT_EMPTY  gr::default_empty(true)
#define GR_DEFAULT_LIST(...) gr::default_list("[" #__VA_ARGS__ "]")
#define GR_GE(x)          gr::ge(x)
#define GR_GT(x)          gr::gt(x)
#define GR_LE(x)          gr::le(x)
#define GR_LT(x)          gr::lt(x)
#define GR_MULTIPLE_OF(x) gr::multiple_of(x)
#define GR_LITERAL(...)   gr::literal(__VA_ARGS__)
#define GR_URL            gr::format(GR_FORMAT_URL)
#define GR_HTTP_URL       gr::format(GR_FORMAT_HTTP_URL)
#define GR_EMAIL          gr::format(GR_FORMAT_EMAIL)
#define GR_BASE64         gr::format(GR_FORMAT_BASE64)

/* --- input: see griddle/input.h --- */

#define GR_INPUT(tag, ...)                                                                                \
    GR_TABLE_FN_(tag, tag##_input, __VA_ARGS__)                                                           \
    GR_UNUSED static inline const gr_model *gr_input_of(const struct tag *)                               \
    {                                                                                                     \
        return tag##_input();                                                                             \
    }                                                                                                     \
    GR_UNUSED static inline void tag##_input_init(struct tag *gr_value_)                                      \
    {                                                                                                     \
        gr_model_init(tag##_input(), gr_value_);                                                              \
    }                                                                                                     \
    struct tag

#define GR_PATH(m, ...)      GR_FIELD(m, gr::source(GR_IN_PATH), ##__VA_ARGS__)
#define GR_QUERY(m, ...)     GR_FIELD(m, gr::source(GR_IN_QUERY), ##__VA_ARGS__)
#define GR_HEADER(m, ...)    GR_FIELD(m, gr::source(GR_IN_HEADER), ##__VA_ARGS__)
#define GR_COOKIE(m, ...)    GR_FIELD(m, gr::source(GR_IN_COOKIE), ##__VA_ARGS__)
#define GR_FORM(m, ...)      GR_FIELD(m, gr::source(GR_IN_FORM), ##__VA_ARGS__)
#define GR_BODY(m, tag, ...) GR_OBJECT(m, tag, gr::source(GR_IN_BODY), ##__VA_ARGS__)
#define GR_JSON(m, ...)      GR_FIELD(m, gr::source(GR_IN_BODY), ##__VA_ARGS__)
#define GR_FROM_PATH         gr::source(GR_IN_PATH)
#define GR_FROM_QUERY        gr::source(GR_IN_QUERY)
#define GR_FROM_HEADER       gr::source(GR_IN_HEADER)
#define GR_FROM_COOKIE       gr::source(GR_IN_COOKIE)
#define GR_FROM_FORM         gr::source(GR_IN_FORM)
#define GR_FROM_BODY         gr::source(GR_IN_BODY)

/* --- routes: see griddle/route.h --- */

#define GR_GET(where, fn, ...)     GR_ROUTE_(fn, fn##_route, "GET", where, fn, ##__VA_ARGS__)
#define GR_POST(where, fn, ...)    GR_ROUTE_(fn, fn##_route, "POST", where, fn, ##__VA_ARGS__)
#define GR_PUT(where, fn, ...)     GR_ROUTE_(fn, fn##_route, "PUT", where, fn, ##__VA_ARGS__)
#define GR_PATCH(where, fn, ...)   GR_ROUTE_(fn, fn##_route, "PATCH", where, fn, ##__VA_ARGS__)
#define GR_DELETE(where, fn, ...)  GR_ROUTE_(fn, fn##_route, "DELETE", where, fn, ##__VA_ARGS__)
#define GR_HEAD(where, fn, ...)    GR_ROUTE_(fn, fn##_route, "HEAD", where, fn, ##__VA_ARGS__)
#define GR_OPTIONS(where, fn, ...) GR_ROUTE_(fn, fn##_route, "OPTIONS", where, fn, ##__VA_ARGS__)
#define GR_ROUTE_AS(id, verb, where, fn, ...) GR_ROUTE_(id, id##_route, verb, where, fn, ##__VA_ARGS__)

#define GR_NAMES(...)     GR_STATIC_(const char *const, __VA_ARGS__, nullptr)
#define GR_RESPONSES(...)                                                                                 \
    []() -> const gr_response_list * {                                                                    \
        static const gr_response_info values[] = {__VA_ARGS__, {}};                                       \
        static const gr_response_list list = {sizeof(gr_response_info), values};                          \
        return &list;                                                                                     \
    }()
#define GR_CALLBACKS(...) GR_STATIC_(const gr_route *const, __VA_ARGS__, nullptr)
#define GR_ROUTES(...)    GR_STATIC_(const gr_route *const, __VA_ARGS__, nullptr)
#define GR_ROUTERS(...)   GR_STATIC_(const gr_router *const, __VA_ARGS__, nullptr)
#define GR_DEPENDENCIES(...) GR_STATIC_(const gr_dependency *const, __VA_ARGS__, nullptr)
#define GR_SERVERS(...)   GR_STATIC_(const gr_server_info, __VA_ARGS__, {})
#define GR_TAGS(...)      GR_STATIC_(const gr_tag_info, __VA_ARGS__, {})

/* GR_ROUTER(users, "/users", gr::routes(GR_ROUTES(&read_me_route)), ...): static, or declared extern before, by a
 * header. */
#define GR_ROUTER(id, where, ...) const gr_router id##_router = gr::impl::router(#id, where, ##__VA_ARGS__)

/* GR_OUTGOING(name, "METHOD", path, options...): what it carries is told by GR_INPUT(name, ...), which stands before. */
#define GR_OUTGOING(id, verb, where, ...)                                                                 \
    struct id;                                                                                            \
    static gr_route id##_route = {sizeof(gr_route), verb, where, #id, GR_ASYNC, false, nullptr,           \
                                  gr::impl::input<&id##_route, struct id>::ref,                           \
                                  gr::impl::route_options(true, ##__VA_ARGS__)}

/* --- dependencies: see griddle/dependency.h --- */

#define GR_DEPENDENCY(fn, T, ...)        GR_DEPENDENCY_(fn, static gr_dependency, T, ##__VA_ARGS__)
#define GR_DEFINE_DEPENDENCY(fn, T, ...) GR_DEPENDENCY_(fn, extern const gr_dependency, T, ##__VA_ARGS__)
#define GR_DECLARE_DEPENDENCY(fn, T)                                                                      \
    using gr_value_of_##fn = T;                                                                           \
    using gr_owner_of_##fn = gr_req;                                                                      \
    extern const gr_dependency fn##_dependency
#define GR_GUARD(fn, ...)                GR_GUARD_(fn, static gr_dependency, ##__VA_ARGS__)
#define GR_DEFINE_GUARD(fn, ...)         GR_GUARD_(fn, extern const gr_dependency, ##__VA_ARGS__)
#define GR_DECLARE_GUARD(fn)             GR_DECLARE_DEPENDENCY(fn, gr::impl::no_value)

#define GR_APP_DEPENDENCY(fn, T, ...)        GR_APP_DEPENDENCY_(fn, static gr_dependency, T, ##__VA_ARGS__)
#define GR_DEFINE_APP_DEPENDENCY(fn, T, ...) GR_APP_DEPENDENCY_(fn, extern const gr_dependency, T, ##__VA_ARGS__)
#define GR_DECLARE_APP_DEPENDENCY(fn, T)                                                                  \
    using gr_value_of_##fn = T;                                                                           \
    using gr_owner_of_##fn = gr_app;                                                                      \
    extern const gr_dependency fn##_dependency
#define GR_APP_VALUE(app, fn)                                                                             \
    static_cast<const gr_value_of_##fn *>(gr_app_value(                                                   \
        GR_SAYS_((std::is_same_v<gr_owner_of_##fn, gr_app>),                                              \
                 "GR_APP_VALUE: only an application dependency has a value of the application") ? (app) : nullptr, \
        &fn##_dependency))

#define GR_NEEDS(m, dep, ...)                                                                             \
    GR_MEMBER_(m, (gr::impl::is_need<GR_M_(m), gr_value_of_##dep>),                                       \
        "GR_NEEDS: the member is neither of the type that the dependency gives nor a const pointer to one", \
        GR_TYPE_NEED | gr::impl::pointer_flag<GR_M_(m)> * !std::is_same_v<GR_M_(m), gr_value_of_##dep>,   \
        gr::impl::of_need(gr::impl::size_of_value<gr_value_of_##dep>, &dep##_dependency), ##__VA_ARGS__)
#define GR_ARGUMENT(m)                                                                                    \
    GR_MEMBER_(m, std::is_pointer_v<GR_M_(m)> && std::is_const_v<std::remove_pointer_t<GR_M_(m)>>,        \
        "GR_ARGUMENT: the member is no const pointer: it points to what gr::with() gave", GR_TYPE_ARGUMENT)
#define GR_SCOPES(m)                                                                                      \
    GR_MEMBER_(m, (std::is_same_v<GR_M_(m), gr_strings>), "GR_SCOPES: the member is no gr_strings", GR_TYPE_SCOPES)

#define gr_override(app, dep, fake)                                                                       \
    gr_app_override(GR_SAYS_((std::is_same_v<gr_value_of_##dep, gr_value_of_##fake>),                     \
                             "gr_override: the two dependencies give different types") ? (app) : nullptr, \
                    &dep##_dependency, &fake##_dependency)

/* --- tasks: see griddle/task.h --- */

#define GR_TASK(fn, type)                                                                                 \
    static int fn##_task(gr_co co, void *arg)                                                             \
    {                                                                                                     \
        return fn(co, static_cast<type *>(arg));                                                          \
    }                                                                                                     \
    GR_UNUSED static inline gr_job fn##_job(type *arg)                                                    \
    {                                                                                                     \
        return gr_job{fn##_task, arg};                                                                    \
    }                                                                                                     \
    GR_UNUSED GR_MUST_USE static inline int fn##_spawn(gr_co co, gr_task **task, type *arg)               \
    {                                                                                                     \
        return gr_spawn_named(co, task, #fn, fn##_task, arg);                                             \
    }                                                                                                     \
    GR_UNUSED GR_MUST_USE static inline int fn##_spawn_in(gr_co co, gr_group *g, type *arg)               \
    {                                                                                                     \
        return gr_group_spawn_named(co, g, #fn, fn##_task, arg);                                          \
    }                                                                                                     \
    static int fn##_task(gr_co co, void *arg)

/* --- the pieces --- */

/* Of a lambda, since an expression may hold a sentence in no other way. */
#define GR_SAYS_(holds, sentence) [] { static_assert(holds, sentence); return true; }()
#define GR_STATIC_(type, ...) []() -> type * { static type values[] = {__VA_ARGS__}; return values; }()
#define GR_M_(m) decltype(gr_self::m)
#define GR_MEMBER_(m, holds, sentence, ...) \
    gr::impl::field(GR_SAYS_(holds, sentence), #m, offsetof(gr_self, m), __VA_ARGS__)
#define GR_ENTRIES_(m)                                                                                    \
    gr::impl::of_entries(gr::impl::entry_of<GR_M_(m)>::stride, gr::impl::entry_of<GR_M_(m)>::offset,      \
                         gr::impl::entry_of<GR_M_(m)>::key_type)
#define GR_OFFSET_(p, m)                                                                                  \
    static_cast<std::size_t>(reinterpret_cast<const char *>(&(p)->m) - reinterpret_cast<const char *>(p))

#define GR_TABLE_FN_(tag, fn, ...)                                                                        \
    const gr_model *fn(void)                                                                              \
    {                                                                                                     \
        using gr_self = struct tag;                                                                       \
        static const gr_field fields[] = {__VA_ARGS__, gr_field{}};                                       \
        static const gr_model model = gr::impl::table<gr_self>(#tag, fields);                             \
        return &model;                                                                                    \
    }
/* Not const: of a constant, no compiler of C++ says that it is unused. Its name comes pasted, see griddle/route.h. */
#define GR_ROUTE_(id, made, verb, where, fn, ...)                                                         \
    static_assert(gr::impl::is_handler<&fn>,                                                              \
        "a handler is gr_reply f(gr_co, gr_req *), or f(gr_req *) to block, then its const struct input *"); \
    static_assert(gr::impl::input_for<&fn>::exists,                                                       \
        "the handler takes a struct, but no GR_INPUT(of that struct, ...) stands before its route");      \
    static gr_route made = {sizeof(gr_route),              verb,                                          \
                            where,                         #id,                                           \
                            gr::impl::shape_for<&fn>::kind, gr::impl::takes_input<&fn>,                   \
                            gr::impl::call<&fn>,           gr::impl::input_for<&fn>::ref,                 \
                            gr::impl::route_options(true, ##__VA_ARGS__)}

#define GR_DEPENDENCY_(fn, made, T, ...)                                                                  \
    using gr_value_of_##fn = T;                                                                           \
    using gr_owner_of_##fn = gr_req;                                                                      \
    static_assert(gr::impl::need_shape_for<&fn>::fits,                                                    \
        "a dependency is int f(gr_co, gr_req *, T *), or f(gr_req *, T *) to block; its const struct input * " \
        "comes before the value");                                                                        \
    static_assert(std::is_same_v<gr::impl::need_shape_for<&fn>::value, gr_value_of_##fn>,                 \
        "the dependency gives another type");                                                             \
    GR_NEED_TABLE_(fn, made, gr::impl::need_shape_for<&fn>, ##__VA_ARGS__)
#define GR_APP_DEPENDENCY_(fn, made, T, ...)                                                              \
    using gr_value_of_##fn = T;                                                                           \
    using gr_owner_of_##fn = gr_app;                                                                      \
    static_assert(gr::impl::made_shape_for<&fn>::fits,                                                    \
        "an application dependency is int f(gr_co, gr_app *, T *), or f(gr_app *, T *) to block; its const struct " \
        "input * comes before the value");                                                                \
    static_assert(std::is_same_v<gr::impl::made_shape_for<&fn>::value, gr_value_of_##fn>,                 \
        "the dependency gives another type");                                                             \
    GR_NEED_TABLE_(fn, made, gr::impl::made_shape_for<&fn>, ##__VA_ARGS__)
#define GR_GUARD_(fn, made, ...)                                                                          \
    using gr_value_of_##fn = gr::impl::no_value;                                                          \
    using gr_owner_of_##fn = gr_req;                                                                      \
    static_assert(gr::impl::guard_shape_for<&fn>::fits,                                                   \
        "a guard is int f(gr_co, gr_req *), or f(gr_req *) to block, then its const struct input *");     \
    GR_NEED_TABLE_(fn, made, gr::impl::guard_shape_for<&fn>, ##__VA_ARGS__)
#define GR_NEED_TABLE_(fn, made, shape, ...)                                                              \
    static_assert(gr::impl::input<&fn, typename shape::input>::exists,                                    \
        "the dependency takes a struct, but no GR_INPUT(of that struct, ...) stands before it");          \
    made fn##_dependency = gr::impl::dependency<&fn, shape, gr_value_of_##fn>(#fn, ##__VA_ARGS__)

#endif
