#include "steps.h"

static const struct step steps[] = {
    {"GET", "/samples/3", {0}, NULL, 200, "...{\"number\":"},
    {"GET", "/latest", {0}, NULL, 200, "...\"volts\":"},
    {"GET", "/samples/1001", {0}, NULL, 422, "...less_than_equal"},
};
TUTORIAL("device", handlers_answer_with_what_a_thread_has_sampled)
