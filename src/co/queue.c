#include "co/queue.h"

#include <string.h>

#include "co/task.h"
#include "co/waiters.h"

static char *queue_place(const gr_queue *queue, size_t i)
{
    return (char *)queue->items + (queue->first + i) % queue->capacity * queue->item_size;
}

static void queue_append(gr_queue *queue, const void *item)
{
    memcpy(queue_place(queue, queue->count++), item, queue->item_size);
}

static void take_first(gr_queue *queue, void *item)
{
    memcpy(item, queue_place(queue, 0), queue->item_size);
    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
}

/* A value that is put goes straight to a coroutine that waits for one; so does one for which there is room again: while
 * somebody waits to get, the queue is empty, and while somebody waits to put, it is full. */
int gri_queue_try_put(gr_queue *queue, const void *item)
{
    if (queue->closed)
        return GR_EPIPE;
    void *to = gri_waiters_first_data(&queue->getters);
    if (to) {
        memcpy(to, item, queue->item_size);
        gri_waiters_wake(&queue->getters);
        return 0;
    }
    if (queue->count == queue->capacity)
        return GR_EBUSY;
    queue_append(queue, item);
    return 0;
}

int gri_queue_try_get(gr_queue *queue, void *item)
{
    if (queue->count == 0)
        return queue->closed ? GR_EPIPE : GR_EBUSY;
    take_first(queue, item);
    const void *from = gri_waiters_first_data(&queue->putters);
    if (from) {
        queue_append(queue, from);
        gri_waiters_wake(&queue->putters);
    }
    return 0;
}

/* Both lines are of one loop. */
static void claim_queue(gr_queue *queue, const char *function)
{
    gri_claim(&queue->getters.thread, function);
}

int gr_queue_try_put(gr_queue *queue, const void *item)
{
    claim_queue(queue, "gr_queue_try_put()");
    return gri_queue_try_put(queue, item);
}

int gr_queue_try_get(gr_queue *queue, void *item)
{
    claim_queue(queue, "gr_queue_try_get()");
    return gri_queue_try_get(queue, item);
}

void gr_queue_close(gr_queue *queue)
{
    claim_queue(queue, "gr_queue_close()");
    gri_queue_close(queue);
}

int gr_queue_put(gr_co co, gr_queue *queue, const void *item)
{
    int rc = gri_await_begin(co);
    rc = rc < 0 ? rc : gr_queue_try_put(queue, item);
    if (rc != GR_EBUSY)
        return rc;
    return gri_waiters_wait_with(co, &queue->putters, (void *)(uintptr_t)item, "queue, to put");
}

int gr_queue_get(gr_co co, gr_queue *queue, void *item)
{
    int rc = gri_await_begin(co);
    rc = rc < 0 ? rc : gr_queue_try_get(queue, item);
    if (rc != GR_EBUSY)
        return rc;
    return gri_waiters_wait_with(co, &queue->getters, item, "queue, to get");
}

void gri_queue_close(gr_queue *queue)
{
    queue->closed = true;
    gri_waiters_wake_all_with(&queue->putters, GR_EPIPE);
    gri_waiters_wake_all_with(&queue->getters, GR_EPIPE);
}

size_t gr_queue_count(const gr_queue *queue)
{
    gri_check_owner(queue->getters.thread, "gr_queue_count()");
    return queue->count;
}
