#include "steps.h"

static const struct step steps[] = {
    {"GET",
     "/books",
     {0},
     NULL,
     200,
     "[{\"id\":1,\"title\":\"The C Programming "
     "Language\",\"isbn\":\"978-0131103627\"},{\"id\":2,\"title\":\"Notes\"}]"},
    {"GET", "/books/2", {0}, NULL, 200, "{\"id\":2,\"title\":\"Notes\",\"isbn\":null}"},
    {"GET", "/books/3", {0}, NULL, 404, "{\"detail\":\"Book not found\"}"},
    {"GET", "/books/x", {0}, NULL, 422, "...int_parsing"},
};
TUTORIAL("two_files", two_files_reply_with_one_model)
