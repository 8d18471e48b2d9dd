#include "steps.h"

static const struct step steps[] = {
    {"GET", "/evens?limit=3", {0}, NULL, 200, "{\"items\":[0,2,4],\"next\":3}"},
    {"GET", "/evens?limit=3&skip=3&order=desc", {0}, NULL, 200, "{\"items\":[10,8,6],\"next\":6}"},
    {"GET", "/multiples/7?limit=2", {0}, NULL, 200, "{\"items\":[0,7],\"next\":2}"},
    {"GET", "/evens?limit=101", {0}, NULL, 422, "...less_than_equal"},
    {"GET", "/multiples/x?order=up", {0}, NULL, 422, "...Input should be 'asc' or 'desc'"},
    {"GET", "/evens?limit=3&skip=4", {0}, NULL, 422, "...Value error, skip is not a whole number of pages"},
    {"GET", "/evens?page=3", {0}, NULL, 422, "...extra_forbidden"},
};
TUTORIAL("paging", operations_share_their_query_parameters)
