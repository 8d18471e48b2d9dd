#include "co/exceptions.h"

#include <unistd.h>

#include "base/print.h"
#include "co/pool.h"

/* The unwinder searches from the throw outwards and has unwound nothing yet: that the search fails makes the C++
 * runtime tell of the exception and abort. A thread that is cancelled goes its way. */
_Unwind_Reason_Code gri_exception_left(int version, _Unwind_Action actions, uint64_t kind,
                                       struct _Unwind_Exception *exception, struct _Unwind_Context *context)
{
    (void)version, (void)kind, (void)exception, (void)context;
    if (!(actions & _UA_SEARCH_PHASE))
        return _URC_CONTINUE_UNWIND;
    const char *name = gri_running_name();
    gri_dprintf(STDERR_FILENO, "griddle: an exception left a function of \"%s\": catch it there\n",
                name ? name : "(none)");
    return _URC_FATAL_PHASE1_ERROR;
}
