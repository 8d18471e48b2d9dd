/* Griddle: an async HTTP microframework for C. This header includes all the others but griddle/testing.h. C++:
 * griddle.hpp. */
#ifndef GRIDDLE_H
#define GRIDDLE_H

#include <griddle/app.h>
#include <griddle/app_dependency.h>
#include <griddle/arena.h>
#include <griddle/background.h>
#include <griddle/base.h>
#include <griddle/channel.h>
#include <griddle/co.h>
#include <griddle/debug.h>
#include <griddle/dependency.h>
#include <griddle/error.h>
#include <griddle/file.h>
#include <griddle/input.h>
#include <griddle/invalid.h>
#include <griddle/io.h>
#include <griddle/json.h>
#include <griddle/limits.h>
#include <griddle/middleware.h>
#include <griddle/model.h>
#include <griddle/net.h>
#include <griddle/openapi.h>
#include <griddle/process.h>
#include <griddle/reply.h>
#include <griddle/request.h>
#include <griddle/route.h>
#include <griddle/router.h>
#include <griddle/secret.h>
#include <griddle/server.h>
#include <griddle/signal.h>
#include <griddle/stream.h>
#include <griddle/sync.h>
#include <griddle/task.h>
#include <griddle/thread.h>
#include <griddle/types.h>
#include <griddle/url.h>

#endif
