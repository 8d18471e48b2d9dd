/* The program's own getaddrinfo() in place of the system's, in the libraries too: "*.test" is this machine, but for
 * "nowhere.test"; no other name is known. */
#ifndef TESTS_FETCH_RESOLVER_H
#define TESTS_FETCH_RESOLVER_H

#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

static void (*on_look)(const char *name); /* called on the thread that looks; may be NULL */

struct found {
    struct addrinfo info;
    struct sockaddr_in in;
};

__attribute__((visibility("default"))) int getaddrinfo(const char *name, const char *service,
                                                       const struct addrinfo *hints, struct addrinfo **result)
{
    size_t len = strlen(name) - (name[strlen(name) - 1] == '.');
    (void)service, (void)hints;
    if (on_look)
        on_look(name);
    if (len < 5 || strncmp(name + len - 5, ".test", 5) != 0 || strcmp(name, "nowhere.test") == 0)
        return EAI_NONAME;
    struct found *found = calloc(1, sizeof *found);
    if (!found)
        return EAI_MEMORY;
    found->in = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    found->info = (struct addrinfo){.ai_family = AF_INET,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_addrlen = sizeof found->in,
                                    .ai_addr = (struct sockaddr *)&found->in};
    *result = &found->info;
    return 0;
}

__attribute__((visibility("default"))) void freeaddrinfo(struct addrinfo *result)
{
    free(result);
}

#endif
