/* The queue of values alone, for a channel, which is used on many threads and has its own lock, and its own lines of
 * who waits: the functions of griddle/sync.h without the question for the thread. */
#ifndef GRI_CO_QUEUE_H
#define GRI_CO_QUEUE_H

#include <griddle/sync.h>

int gri_queue_try_put(gr_queue *queue, const void *item);
int gri_queue_try_get(gr_queue *queue, void *item);
void gri_queue_close(gr_queue *queue);

#endif
