#include <griddle/file.h>

#include <stdio.h>
#include <stdlib.h>

#include "io/work.h"

/* --- stat --- */

struct names_look {
    struct gri_work work;
    struct stat status;
};

static void run_stat(struct gri_work *work)
{
    work->result = stat(work->path, &((struct names_look *)work)->status) < 0 ? -errno : 0;
}

static void drop_look(struct gri_work *work)
{
    free(work);
}

int gr_file_stat(gr_co co, const char *path, struct stat *status)
{
    gri_check_co(co);
    struct names_look *self = gri_work_create(sizeof *self, path);
    if (!self)
        return GR_ENOMEM;
    self->work.run = run_stat;
    self->work.drop = drop_look;
    int rc = gri_work_await_or_leave(co, &self->work, "a file's status");
    if (rc < 0)
        return rc;
    *status = self->status;
    rc = self->work.result;
    free(self);
    return rc;
}

/* --- remove, rename --- */

struct change {
    struct gri_work work;
    const char *from, *to;
};

static void run_remove(struct gri_work *work)
{
    work->result = remove(((struct change *)work)->from) < 0 ? -errno : 0;
}

int gr_file_remove(gr_co co, const char *path)
{
    struct change self = {.work.run = run_remove, .work.path = path, .from = path};
    return gri_work_await(co, &self.work, "a file's removal");
}

static void run_rename(struct gri_work *work)
{
    const struct change *self = (struct change *)work;
    work->result = rename(self->from, self->to) < 0 ? -errno : 0;
}

int gr_file_rename(gr_co co, const char *from, const char *to)
{
    struct change self = {.work.run = run_rename, .work.path = from, .from = from, .to = to};
    return gri_work_await(co, &self.work, "a file's new name");
}
