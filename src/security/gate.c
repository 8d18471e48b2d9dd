#include "security/gate.h"

void gri_gate_init(struct gri_gate *gate, unsigned places, unsigned queue)
{
    *gate = (struct gri_gate){.places = places, .most = places + queue};
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_cond_init(&gate->free, NULL);
}

void gri_gate_finish(struct gri_gate *gate)
{
    pthread_cond_destroy(&gate->free);
    pthread_mutex_destroy(&gate->mutex);
}

bool gri_gate_come(struct gri_gate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    bool has_room = gate->here < gate->most;
    gate->here += has_room;
    pthread_mutex_unlock(&gate->mutex);
    return has_room;
}

void gri_gate_leave(struct gri_gate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    gate->here--;
    pthread_mutex_unlock(&gate->mutex);
}

void gri_gate_enter(struct gri_gate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    while (gate->inside == gate->places)
        pthread_cond_wait(&gate->free, &gate->mutex);
    gate->inside++;
    pthread_mutex_unlock(&gate->mutex);
}

void gri_gate_exit(struct gri_gate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    gate->inside--;
    pthread_cond_signal(&gate->free);
    pthread_mutex_unlock(&gate->mutex);
}

unsigned gri_gate_count(struct gri_gate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    unsigned here = gate->here;
    pthread_mutex_unlock(&gate->mutex);
    return here;
}
