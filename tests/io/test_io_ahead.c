/* What was read ahead: taking it bit by bit costs no more than its bytes, and leaves the loop to others. */
#include "base/buf.h"
#include "io/io_world.h"

enum { LONG = 1 << 20, TIMES = 6400, LEAST_TURNS = TIMES / 256 };

static size_t moved;

void __real_gri_buf_consume(struct gri_buf *buf, size_t n);
void __wrap_gri_buf_consume(struct gri_buf *buf, size_t n);

void __wrap_gri_buf_consume(struct gri_buf *buf, size_t n)
{
    moved += n ? buf->len - n : 0;
    __real_gri_buf_consume(buf, n);
}

/* --- a long line, then as many short ones --- */

static int write_them(gr_co co, gr_io *io)
{
    char *text = malloc(2 * LONG);
    memset(text, 'x', LONG - 1);
    memset(text + LONG - 1, '\n', LONG + 1);
    int rc = gr_io_write(co, io, text, 2 * LONG);
    free(text);
    return rc ? rc : gr_io_shutdown(io);
}
GR_TASK(write_them, gr_io);

static int read_them(gr_co co, gr_io *io)
{
    const char *line;
    size_t len = 1, lines = 0, wrong = 0;
    int rc = 0;
    for (; rc == 0 && len > 0; lines++) {
        rc = gr_io_read_until(co, io, "\n", 2 * LONG, &line, &len);
        wrong += rc == 0 && len != (lines == 0 ? LONG : lines <= LONG ? 1 : 0);
    }
    ck_assert_uint_eq(lines, LONG + 2);
    ck_assert_uint_eq(wrong, 0);
    return rc;
}
GR_TASK(read_them, gr_io);

IO_TEST(short_lines_behind_a_long_one_cost_no_more_than_their_bytes)
{
    struct pair pair = open_pair(co);
    moved = 0;
    ck_assert_int_eq(gr_gather(co, write_them_job(pair.a), read_them_job(pair.b)), 0);
    ck_assert_uint_le(moved, 4 * LONG);
    close_pair(pair);
    return 0;
}

/* --- so many bytes of what is there, in each way --- */

struct reader {
    gr_io *io;
    int (*read)(gr_co co, gr_io *io);
    unsigned turns;
    bool over;
};

static int read_some(gr_co co, gr_io *io)
{
    char byte;
    size_t n;
    return gr_io_read(co, io, &byte, 1, &n);
}

static int read_one_exactly(gr_co co, gr_io *io)
{
    char byte;
    return gr_io_read_exactly(co, io, &byte, 1);
}

static int read_a_line(gr_co co, gr_io *io)
{
    const char *line;
    size_t len;
    return gr_io_read_until(co, io, "\n", 10, &line, &len);
}

static int read_often(gr_co co, struct reader *self)
{
    int rc = 0;
    for (int i = 0; i < TIMES && rc == 0; i++)
        rc = self->read(co, self->io);
    self->over = true;
    return rc;
}
GR_TASK(read_often, struct reader);

static int count_turns(gr_co co, struct reader *self)
{
    int rc = 0;
    for (; rc == 0 && !self->over; self->turns++)
        rc = gr_yield(co);
    return rc;
}
GR_TASK(count_turns, struct reader);

/* All of it comes with the first line, which makes the room. */
static void read_ahead(gr_co co, struct pair pair)
{
    static char text[2 * TIMES];
    const char *line;
    size_t len;
    memset(text, 'x', TIMES - 1);
    memset(text + TIMES - 1, '\n', TIMES + 1);
    ck_assert_int_eq(gr_io_write(co, pair.a, text, sizeof text), 0);
    ck_assert_int_eq(gr_io_read_until(co, pair.b, "\n", TIMES, &line, &len), 0);
    ck_assert_uint_eq(len, TIMES);
}

static void expect_turns_for_others(gr_co co, int (*read)(gr_co co, gr_io *io))
{
    struct pair pair = open_pair(co);
    struct reader reader = {.io = pair.b, .read = read};
    read_ahead(co, pair);
    ck_assert_int_eq(gr_gather(co, count_turns_job(&reader), read_often_job(&reader)), 0);
    ck_assert_uint_ge(reader.turns, LEAST_TURNS);
    close_pair(pair);
}

IO_TEST(reading_what_is_there_leaves_the_loop_to_others)
{
    expect_turns_for_others(co, read_some);
    expect_turns_for_others(co, read_one_exactly);
    expect_turns_for_others(co, read_a_line);
    return 0;
}

int main(void)
{
    const test_list tests = {short_lines_behind_a_long_one_cost_no_more_than_their_bytes,
                             reading_what_is_there_leaves_the_loop_to_others, NULL};
    return run_tests("io ahead", tests, 30);
}
