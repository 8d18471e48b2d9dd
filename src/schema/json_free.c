#include <griddle/json.h>

#include <stdint.h>

_Static_assert(sizeof(size_t) >= sizeof(json_t *), "a count of references can be a link");

/* What is to be freed and is in no container any more. The list needs no memory: a count of references, which is known
 * to be 1, says instead what is next. */
static void json_push(json_t **list, json_t *value)
{
    value->refcount = (uintptr_t)*list;
    *list = value;
}

/* Gives up a reference. */
static void json_let_go(json_t **list, json_t *value)
{
    if (value->refcount == 1)
        json_push(list, value);
    else
        json_decref(value);
}

static void json_take_items(json_t **list, json_t *array)
{
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item)
    {
        if (!json_is_array(item) && !json_is_object(item))
            continue;
        json_incref(item);
        json_array_set_new(array, i, json_null());
        json_let_go(list, item);
    }
}

static void json_take_members(json_t **list, json_t *object)
{
    for (void *iter = json_object_iter(object); iter; iter = json_object_iter_next(object, iter)) {
        json_t *member = json_object_iter_value(iter);
        if (!json_is_array(member) && !json_is_object(member))
            continue;
        json_incref(member);
        json_object_iter_set_new(object, iter, json_null());
        json_let_go(list, member);
    }
}

void gr_json_free(json_t *value)
{
    json_t *list = NULL;
    if (value)
        json_let_go(&list, value);
    while (list) {
        json_t *next = list;
        list = (json_t *)(uintptr_t)next->refcount;
        next->refcount = 1;
        json_take_items(&list, next);
        json_take_members(&list, next);
        json_decref(next);
    }
}
