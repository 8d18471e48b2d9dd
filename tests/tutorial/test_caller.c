#include "steps.h"

static const struct step steps[] = {
    {"GET", "/greet/Ann", {0}, NULL, 200, "Hello Ann!"},
    {"GET", "/greet/Ann?times=2", {0}, NULL, 200, "Hello Ann!Hello Ann!"},
    {"GET", "/greet/Ann?times=6", {0}, NULL, 422, "...less_than_equal"},
};
TUTORIAL("caller", cpp_has_the_same_macros)
