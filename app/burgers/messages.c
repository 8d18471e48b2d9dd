/* One task for each delay. All run on the loop's thread, so they write to one list without a lock. */
#include "shop.h"

enum { MOST_DELAYS = 100, LONGEST_DELAY = 1000, MOST_DIGITS = 4 };

struct finished {
    int64_t task, delay;
};
static GR_MODEL(finished, GR_FIELD(task), GR_FIELD(delay));

struct mailbox {
    GR_LIST_OF(struct finished) finished;
    int64_t elapsed_ms;
};
static GR_MODEL(mailbox, GR_OBJECTS(finished, finished), GR_FIELD(elapsed_ms));

struct messages {
    const char *delays;
    int64_t unit_ms;
};
static GR_INPUT(messages,
    GR_QUERY(delays, GR_DEFAULT("4,1,2"), .doc = "How long each task waits, in units"),
    GR_QUERY(unit_ms, GR_DEFAULT(100), GR_GE(0), GR_LE(1000), .doc = "Milliseconds a unit"));

/* What a task is given. */
struct message {
    struct finished self;
    int64_t unit_ms;
    struct mailbox *mailbox;
};

static int send_message(gr_co co, void *arg)
{
    struct message *message = arg;
    struct mailbox *mailbox = message->mailbox;
    int rc = gr_sleep(co, message->self.delay * message->unit_ms);
    if (rc == 0)
        mailbox->finished.at[mailbox->finished.len++] = message->self;
    return rc;
}

/* The number at *text, which is moved behind it. -1: there is none, or it is too large. */
static int64_t take_delay(const char **text)
{
    int64_t delay = 0;
    int digits = 0;
    for (; **text >= '0' && **text <= '9' && digits <= MOST_DIGITS; digits++)
        delay = delay * 10 + *(*text)++ - '0';
    return digits && delay <= LONGEST_DELAY ? delay : -1;
}

/* The numbers in `text` to messages[].self; how many to *n. */
static int parse_delays(gr_req *req, const char *text, struct message *messages, size_t *n)
{
    for (*n = 0; *n == 0 || *text++ == ','; ++*n) {
        if (*n == MOST_DELAYS)
            return gr_fail(req, 422, "delays: at most %d numbers", MOST_DELAYS);
        int64_t delay = take_delay(&text);
        if (delay < 0 || (*text && *text != ','))
            return gr_fail(req, 422, "delays: number %zu is not a whole number from 0 to %d; write them like 4,1,2",
                           *n + 1, LONGEST_DELAY);
        messages[*n].self = (struct finished){(int64_t)*n + 1, delay};
    }
    return 0;
}

static int send_all(gr_co co, struct message *messages, size_t n, struct mailbox *mailbox, int64_t unit_ms)
{
    gr_job jobs[MOST_DELAYS];
    int64_t began_ms = gr_now_ms(co);
    for (size_t i = 0; i < n; i++) {
        messages[i].unit_ms = unit_ms;
        messages[i].mailbox = mailbox;
        jobs[i] = (gr_job){send_message, &messages[i]};
    }
    int rc = gr_gather_n(co, jobs, n);
    mailbox->elapsed_ms = gr_now_ms(co) - began_ms;
    return rc;
}

static gr_reply messages(gr_co co, gr_req *req, const struct messages *in)
{
    struct message sent[MOST_DELAYS];
    struct finished finished[MOST_DELAYS];
    struct mailbox mailbox = {.finished = {finished, 0}};
    size_t n;
    int rc = parse_delays(req, in->delays, sent, &n);
    if (rc == 0)
        rc = send_all(co, sent, n, &mailbox, in->unit_ms);
    return rc ? gr_failed(req, rc) : mailbox_reply(req, &mailbox);
}
GR_GET("/messages", messages, .summary = "Run a task for each delay", .response = mailbox_model);

void add_messages(gr_app *app)
{
    gr_app_add(app, &messages_route);
}
