/* Whether memory lies in the frame of a function that runs now: for what is borrowed for longer than that. */
#ifndef GRI_CO_FRAMES_H
#define GRI_CO_FRAMES_H

#include "co/task.h"

/* Whether what `p` points to will be gone when `task`, which runs this, or waits for what does, a child or a thread of
 * the pool, has come back to `frame`, which is on its stack. What lies there above, in its first frames and beside the
 * task, stays. */
bool gri_goes_with_frames(const gr_task *task, const void *frame, const void *p);

#endif
