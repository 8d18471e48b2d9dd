/* A gate for work that takes much memory: so many inside at a time, so many before it, and nobody else.
 *
 * Who is inside computes and waits for nothing, so whoever waits for a place on a thread gets one. */
#ifndef GRI_SECURITY_GATE_H
#define GRI_SECURITY_GATE_H

#include <pthread.h>
#include <stdbool.h>

struct gri_gate {
    pthread_mutex_t mutex;
    pthread_cond_t free;
    unsigned places, most; /* inside; inside and before it */
    unsigned inside, here;
};

void gri_gate_init(struct gri_gate *gate, unsigned places, unsigned queue);
void gri_gate_finish(struct gri_gate *gate);

/* Comes before the gate, without waiting. False: too many are here. */
bool gri_gate_come(struct gri_gate *gate);

/* Goes away from it. */
void gri_gate_leave(struct gri_gate *gate);

/* Goes in, from before it: blocks until there is a place. */
void gri_gate_enter(struct gri_gate *gate);

/* Comes out again, and is before it. */
void gri_gate_exit(struct gri_gate *gate);

/* How many are here. */
unsigned gri_gate_count(struct gri_gate *gate);

#endif
