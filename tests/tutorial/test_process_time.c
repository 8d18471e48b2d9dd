#include "steps.h"

STEPS(what_it_wraps_is_answered, {"GET", "/?delay_ms=250", {0}, NULL, 200, "{\"message\":\"Hello World\"}"})

FIELDS(every_answer_says_how_long_it_took, {"/", "X-Process-Time", "0.000"},
       {"/?delay_ms=250", "X-Process-Time", "0.250"})

FIELDS(that_of_an_error_too, {"/?delay_ms=x", "X-Process-Time", "0.000"}, {"/nowhere", "X-Process-Time", "0.000"})

TESTS("process_time", what_it_wraps_is_answered, every_answer_says_how_long_it_took, that_of_an_error_too)
