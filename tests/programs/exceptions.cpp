// C++ exceptions in coroutines. exceptions [PLACE]: runs every check; with a place, lets an exception leave it.
#include <cstdio>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>

#include <griddle.h>
#include <griddle/testing.h>

namespace
{

int passed, failed;

void check(const char *what, bool holds)
{
    std::printf("%s %s\n", holds ? "ok    " : "FAILED", what);
    ++(holds ? passed : failed);
}

bool is_current(const char *text)
{
    try {
        std::exception_ptr current = std::current_exception();
        if (!current)
            return text == nullptr;
        std::rethrow_exception(current);
    } catch (const std::exception &e) {
        return text != nullptr && std::strcmp(e.what(), text) == 0;
    }
}

struct turn {
    const char *name;
    std::int64_t ms;
    bool holds;
};

template <std::size_t N> int gather(gr_co co, gr_task_fn *fn, turn (&turns)[N])
{
    gr_job jobs[N];
    for (std::size_t i = 0; i < N; i++)
        jobs[i] = gr_job{fn, &turns[i]};
    int rc = gr_gather_n(co, jobs, N);
    for (turn &one : turns)
        rc |= !one.holds;
    return rc;
}

int in_catch(gr_co co, void *arg)
{
    turn *self = static_cast<turn *>(arg);
    try {
        throw std::runtime_error(self->name);
    } catch (const std::exception &e) {
        int rc = gr_sleep(co, self->ms);
        self->holds = rc == 0 && std::strcmp(e.what(), self->name) == 0 && is_current(self->name);
    }
    self->holds = self->holds && is_current(nullptr) && gr_yield(co) == 0;
    return 0;
}

int nested(gr_co co, void *arg)
{
    turn *self = static_cast<turn *>(arg);
    std::string inner = std::string(self->name) + ", inner";
    try {
        throw std::runtime_error(self->name);
    } catch (const std::exception &outer_e) {
        try {
            if (gr_sleep(co, self->ms) == 0)
                throw std::logic_error(inner);
        } catch (const std::logic_error &inner_e) {
            int rc = gr_sleep(co, self->ms);
            self->holds = rc == 0 && inner == inner_e.what() && is_current(inner.c_str());
        }
        int rc = gr_sleep(co, self->ms);
        self->holds = self->holds && rc == 0 && std::strcmp(outer_e.what(), self->name) == 0 && is_current(self->name);
    }
    return 0;
}

int rethrow(gr_co co, void *arg)
{
    turn *self = static_cast<turn *>(arg);
    try {
        try {
            throw std::runtime_error(self->name);
        } catch (...) {
            if (gr_sleep(co, self->ms) == 0)
                throw;
        }
    } catch (const std::exception &e) {
        self->holds = std::strcmp(e.what(), self->name) == 0;
    }
    return 0;
}

int keep_pointer(gr_co co, void *arg)
{
    turn *self = static_cast<turn *>(arg);
    std::exception_ptr kept;
    try {
        throw std::runtime_error(self->name);
    } catch (...) {
        int rc = gr_sleep(co, self->ms);
        kept = rc == 0 ? std::current_exception() : nullptr;
    }
    int rc = gr_sleep(co, self->ms);
    try {
        std::rethrow_exception(kept);
    } catch (const std::exception &e) {
        self->holds = rc == 0 && std::strcmp(e.what(), self->name) == 0;
    }
    return 0;
}

// Awaits in a destructor while the stack is unwound.
struct guard {
    gr_co co;
    turn *self;
    ~guard()
    {
        int before = std::uncaught_exceptions(), rc = gr_sleep(co, self->ms);
        self->holds = rc == 0 && before == 1 && std::uncaught_exceptions() == 1;
    }
};

int unwind(gr_co co, void *arg)
{
    turn *self = static_cast<turn *>(arg);
    bool began_well = std::uncaught_exceptions() == 0;
    try {
        guard here{co, self};
        throw std::runtime_error(self->name);
    } catch (const std::exception &e) {
        self->holds =
            self->holds && began_well && std::uncaught_exceptions() == 0 && !std::strcmp(e.what(), self->name);
    }
    return 0;
}

int begins_empty(gr_co, void *arg)
{
    *static_cast<bool *>(arg) = std::current_exception() == nullptr && std::uncaught_exceptions() == 0;
    return 0;
}

int start_in_catch(gr_co co, void *arg)
{
    turn *self = static_cast<turn *>(arg);
    bool empty = false;
    try {
        throw std::runtime_error(self->name);
    } catch (const std::exception &) {
        gr_task *task;
        int rc = gr_spawn(co, &task, begins_empty, &empty);
        rc = rc ? rc : gr_join(co, task);
        self->holds = rc == 0 && empty && is_current(self->name);
    }
    return 0;
}

int throw_on_thread(void *arg)
{
    bool *holds = static_cast<bool *>(arg);
    bool empty = std::current_exception() == nullptr;
    try {
        throw std::runtime_error("on a thread");
    } catch (const std::exception &) {
        *holds = empty && is_current("on a thread");
    }
    return 0;
}

int offload_in_catch(gr_co co, void *arg)
{
    turn *self = static_cast<turn *>(arg);
    bool thread_holds = false;
    try {
        throw std::runtime_error(self->name);
    } catch (const std::exception &) {
        int rc = gr_offload(co, throw_on_thread, &thread_holds);
        self->holds = rc == 0 && thread_holds && is_current(self->name);
    }
    return 0;
}

int on_other_stack(gr_co co, void *arg)
{
    turn *self = static_cast<turn *>(arg);
    self->holds = is_current(self->name) && gr_sleep(co, self->ms) == 0 && is_current(self->name);
    return 0;
}

int other_stack_in_catch(gr_co co, void *arg)
{
    turn *self = static_cast<turn *>(arg);
    try {
        throw std::runtime_error(self->name);
    } catch (const std::exception &) {
        int rc = gr_on_stack(co, 1 << 20, on_other_stack, arg);
        self->holds = self->holds && rc == 0 && is_current(self->name);
    }
    return 0;
}

// In the order in which they were caught, against it, and mixed.
int all_orders(gr_co co, void *fn)
{
    turn rising[] = {{"a", 10, false}, {"b", 20, false}, {"c", 30, false}};
    turn falling[] = {{"a", 30, false}, {"b", 20, false}, {"c", 10, false}};
    turn mixed[] = {{"a", 20, false}, {"b", 30, false}, {"c", 10, false}, {"d", 20, false}, {"e", 0, false}};
    gr_task_fn *f = *static_cast<gr_task_fn **>(fn);
    return gather(co, f, rising) | gather(co, f, falling) | gather(co, f, mixed);
}

void check_all(const char *what, gr_task_fn *fn)
{
    check(what, gr_run(all_orders, &fn) == 0);
}

void check_loop_in_catch()
{
    gr_task_fn *fn = in_catch;
    try {
        throw std::runtime_error("around the loop");
    } catch (const std::exception &) {
        bool holds = gr_run(all_orders, &fn) == 0;
        check("a loop may run in a catch block", holds && is_current("around the loop"));
    }
    bool empty = false;
    check("a coroutine begins without any", gr_run(begins_empty, &empty) == 0 && empty && is_current(nullptr));
}

// --- one that leaves ---

int fly(void *)
{
    throw std::runtime_error("nobody catches me");
}

int fly_from_task(gr_co co, void *arg)
{
    return gr_yield(co) == 0 ? fly(arg) : 0;
}

gr_reply handler(gr_co co, gr_req *req, const void *)
{
    if (gr_sleep(co, 10) == 0)
        fly(nullptr);
    return gr_text(req, "x");
}

gr_reply blocking_handler(gr_co, gr_req *req, const void *)
{
    fly(nullptr);
    return gr_text(req, "x");
}

gr_reply task_handler(gr_co co, gr_req *req, const void *)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, fly_from_task, nullptr);
    return gr_failed(req, rc ? rc : gr_join(co, task));
}

gr_reply job_handler(gr_co co, gr_req *req, const void *)
{
    return gr_failed(req, gr_offload(co, fly, nullptr));
}

gr_reply stack_handler(gr_co co, gr_req *req, const void *)
{
    return gr_failed(req, gr_on_stack(co, 1 << 20, fly_from_task, nullptr));
}

void teardown(gr_co, gr_req *, void *, gr_outcome)
{
    fly(nullptr);
}

gr_reply deferring_handler(gr_co, gr_req *req, const void *)
{
    int rc = gr_defer_async(req, teardown, nullptr);
    return rc ? gr_failed(req, rc) : gr_text(req, "x");
}

void blocking_teardown(gr_req *, void *, gr_outcome)
{
    fly(nullptr);
}

gr_reply blocking_deferring_handler(gr_co, gr_req *req, const void *)
{
    int rc = gr_defer_blocking(req, blocking_teardown, nullptr);
    return rc ? gr_failed(req, rc) : gr_text(req, "x");
}

gr_reply fine_handler(gr_co, gr_req *req, const void *)
{
    return gr_text(req, "x");
}

gr_reply flying_middleware(gr_co, gr_req *req, gr_next *)
{
    fly(nullptr);
    return gr_text(req, "x");
}

// What a handler throws does not come out of gr_call_next(): what lies between is not C++.
gr_reply catching_middleware(gr_co co, gr_req *req, gr_next *next)
{
    try {
        return gr_call_next(co, req, next);
    } catch (const std::exception &e) {
        return gr_text(req, e.what());
    }
}

// Nor out of gr_shield().
int shield_in_try(gr_co co, void *)
{
    try {
        return gr_shield(co, fly_from_task, nullptr);
    } catch (const std::exception &) {
        return 0;
    }
}

gr_reply shielding_handler(gr_co co, gr_req *req, const void *)
{
    return gr_failed(req, shield_in_try(co, nullptr));
}

gr_reply failing_handler(gr_co, gr_req *req, const void *)
{
    return gr_failed(req, gr_fail(req, 404, "nowhere"));
}

gr_reply flying_answer(gr_req *, const gr_error_info *error)
{
    fly(nullptr);
    return error->reply;
}

struct place {
    const char *name;
    gr_call_fn *call;
    gr_kind kind;
    gr_middleware_fn *middleware;
};

const place places[] = {
    {"handler", handler, GR_ASYNC, nullptr},
    {"blocking_handler", blocking_handler, GR_BLOCKING, nullptr},
    {"task", task_handler, GR_ASYNC, nullptr},
    {"job", job_handler, GR_ASYNC, nullptr},
    {"stack", stack_handler, GR_ASYNC, nullptr},
    {"shield", shielding_handler, GR_ASYNC, nullptr},
    {"teardown", deferring_handler, GR_ASYNC, nullptr},
    {"blocking_teardown", blocking_deferring_handler, GR_ASYNC, nullptr},
    {"middleware", fine_handler, GR_ASYNC, flying_middleware},
    {"answer_to_an_error", failing_handler, GR_ASYNC, nullptr},
    {"caught_too_late", handler, GR_ASYNC, catching_middleware},
    {"caught_too_late_on_a_thread", blocking_handler, GR_BLOCKING, catching_middleware},
};

int use(gr_app *app, gr_middleware_fn *fn)
{
    gr_middleware middleware{};
    middleware.size = sizeof middleware;
    middleware.async = fn;
    return gr_use_middleware(app, &middleware);
}

int leave(const place &from)
{
    gr_route route{};
    route.size = sizeof route;
    route.method = "GET";
    route.path = "/";
    route.name = from.name;
    route.kind = from.kind;
    route.call = from.call;
    const gr_route *const routes[] = {&route};
    gr_app *app = gr_app_create("Exceptions", "1");
    if (from.middleware)
        use(app, from.middleware);
    gr_app_add_n(app, routes, 1);
    gr_app_on_error(app, 404, flying_answer);
    gr_test *test = gr_test_create(app);
    gr_answer_free(gr_test_get(test, "/"));
    gr_test_destroy(test);
    gr_app_destroy(app);
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    for (const place &one : places)
        if (argc > 1 && std::strcmp(one.name, argv[1]) == 0)
            return leave(one);
    check_all("each of several coroutines in a catch block has its own exception", in_catch);
    check_all("and its own nest of them", nested);
    check_all("it is rethrown after an await", rethrow);
    check_all("std::current_exception() is the coroutine's own", keep_pointer);
    check_all("others run while one unwinds, and count none", unwind);
    check_all("a task started in a catch block begins without any", start_in_catch);
    check_all("a thread of the pool has its own", offload_in_catch);
    check_all("another stack of the same coroutine has the same", other_stack_in_catch);
    check_loop_in_catch();
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
