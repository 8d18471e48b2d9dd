#include <griddle/file.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "io/fd.h"
#include "io/work.h"

struct listing {
    struct gri_work work;
    char *text; /* the names one after the other, each with its NUL */
    size_t len, room, n;
    char **names;
};

static int listing_put_name(struct listing *self, const char *name)
{
    size_t n = strlen(name) + 1;
    if (self->room - self->len < n) {
        size_t room = self->room * 2 + n;
        char *text = realloc(self->text, room);
        if (!text)
            return GR_ENOMEM;
        self->text = text;
        self->room = room;
    }
    memcpy(self->text + self->len, name, n);
    self->len += n;
    self->n++;
    return 0;
}

static bool is_a_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int read_names(struct listing *self, DIR *folder)
{
    const struct dirent *entry;
    int rc = 0;
    errno = 0;
    while (rc == 0 && (entry = readdir(folder))) {
        if (!is_a_dot(entry->d_name))
            rc = listing_put_name(self, entry->d_name);
        if (rc == 0 && gri_work_is_stopped(&self->work))
            rc = GR_ECANCELED;
        errno = 0;
    }
    return rc < 0 ? rc : -errno;
}

static int listing_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* One block: the pointers, then what they point to. */
static int arrange(struct listing *self)
{
    size_t pointers = (self->n + 1) * sizeof(char *);
    self->names = malloc(pointers + self->len);
    if (!self->names)
        return GR_ENOMEM;
    char *name = (char *)self->names + pointers;
    if (self->len)
        memcpy(name, self->text, self->len);
    for (size_t i = 0; i < self->n; i++, name += strlen(name) + 1)
        self->names[i] = name;
    self->names[self->n] = NULL;
    qsort(self->names, self->n, sizeof(char *), listing_compare);
    return 0;
}

/* By a descriptor, since opendir() tells of a signal as of an error. */
static int list(struct listing *self)
{
    int fd = gri_fd_open(AT_FDCWD, self->work.path, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return fd;
    DIR *folder = fdopendir(fd);
    if (!folder) {
        int rc = -errno;
        gri_fd_close(fd);
        return rc;
    }
    int rc = read_names(self, folder);
    closedir(folder);
    return rc < 0 ? rc : arrange(self);
}

static void run_list(struct gri_work *work)
{
    struct listing *self = (struct listing *)work;
    work->result = list(self);
    free(self->text);
}

static void drop_listing(struct gri_work *work)
{
    free(((struct listing *)work)->names);
    free(work);
}

int gr_file_list(gr_co co, const char *path, char ***names, size_t *n)
{
    *names = NULL;
    *n = 0;
    gri_check_co(co);
    struct listing *self = gri_work_create(sizeof *self, path);
    if (!self)
        return GR_ENOMEM;
    self->work.run = run_list;
    self->work.drop = drop_listing;
    int rc = gri_work_await_or_leave(co, &self->work, "a folder's names");
    if (rc < 0)
        return rc;
    *names = self->names;
    rc = self->work.result;
    *n = rc < 0 ? 0 : self->n;
    free(self);
    return rc;
}
