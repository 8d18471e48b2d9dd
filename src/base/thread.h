/* Threads of the library's own. */
#ifndef GRI_BASE_THREAD_H
#define GRI_BASE_THREAD_H

#include <uv.h>

/* uv_thread_create() of a thread that takes no signals: those are the loop's. But a fault stays with the thread that
 * made it, so that it can be reported. */
int gri_thread_create(uv_thread_t *thread, uv_thread_cb fn, void *arg);

#endif
