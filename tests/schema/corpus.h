/* Data files of the tests: one case a line. */
#ifndef TESTS_CORPUS_H
#define TESTS_CORPUS_H

#include <griddle/json.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "run.h"

typedef void corpus_case(const char *line, int number);

/* Calls `run` with each line of the file, which has to have some; the folder is GRIDDLE_CORPUS's. */
static inline void corpus_each_line(const char *name, corpus_case *run)
{
    char path[4096], line[65536];
    const char *folder = getenv("GRIDDLE_CORPUS");
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "tests/corpus", name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "wanted the corpus file %s", path);
    int number = 0;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        run(line, ++number);
    }
    fclose(file);
    ck_assert_msg(number > 20, "wanted more than 20 cases in %s, got %d", path, number);
}

static inline json_t *corpus_json(const char *line)
{
    json_t *value;
    ck_assert_msg(gr_json_read(line, strlen(line), &value) == 0, "a case that is not JSON: %s", line);
    return value;
}

/* That a buffer holds exactly this text; empties it. */
static inline void want_text(struct gri_buf *buf, const char *want)
{
    ck_assert(!buf->failed);
    ck_assert_msg(buf->len == strlen(want) && (buf->len == 0 || memcmp(buf->data, want, buf->len) == 0),
                  "wanted %s, got %.*s", want, (int)buf->len, buf->data);
    buf->len = 0;
}

#endif
