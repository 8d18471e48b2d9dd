/* libuv takes a signal away from the handler that a program has for it; this calls both. Process-wide, any thread. */
#ifndef GRI_IO_SIGNAL_CHAIN_H
#define GRI_IO_SIGNAL_CHAIN_H

#include <uv.h>

/* uv_signal_start() and uv_signal_stop(), for which the former action of the signal goes on, and comes back. */
int gri_signal_start(uv_signal_t *handle, uv_signal_cb on_signal, int signum);
void gri_signal_stop(uv_signal_t *handle);

#endif
