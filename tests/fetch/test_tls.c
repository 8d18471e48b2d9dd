/* https: a certificate is verified, by the system's authorities or by a file's. The server is openssl's. */
#include <sys/prctl.h>
#include <sys/wait.h>

#include "world.h"

static void open_world(void)
{
    site.app = gr_app_create("plain", "1");
}

/* A folder with a key and the certificate for 127.0.0.1, and a server that has them. */
static char folder[] = "/tmp/griddle-tls-XXXXXX";
static char certificate[64], key[64];
static pid_t server;
static int server_port;

static pid_t start_openssl(const char *const *arguments, int output)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(output, STDOUT_FILENO);
    dup2(open("/dev/null", O_RDWR), STDERR_FILENO);
    execv(OPENSSL, (char *const *)(uintptr_t)arguments);
    _exit(1);
}

static void make_certificate(void)
{
    const char *const arguments[] = {"openssl",
                                     "req",
                                     "-x509",
                                     "-newkey",
                                     "ec",
                                     "-pkeyopt",
                                     "ec_paramgen_curve:prime256v1",
                                     "-nodes",
                                     "-subj",
                                     "/CN=griddle",
                                     "-addext",
                                     "subjectAltName=IP:127.0.0.1",
                                     "-days",
                                     "2",
                                     "-keyout",
                                     key,
                                     "-out",
                                     certificate,
                                     NULL};
    int status, nowhere = open("/dev/null", O_RDWR);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(certificate, sizeof certificate, "%s/certificate.pem", folder);
    snprintf(key, sizeof key, "%s/key.pem", folder);
    ck_assert_int_eq(waitpid(start_openssl(arguments, nowhere), &status, 0) > 0 && status == 0, 1);
    close(nowhere);
}

static void start_server(void)
{
    const char *const arguments[] = {"openssl",   "s_server", "-accept", "127.0.0.1:0", "-cert",
                                     certificate, "-key",     key,       "-www",        NULL};
    char said[1000];
    int fds[2];
    ck_assert_int_eq(pipe(fds), 0);
    server = start_openssl(arguments, fds[1]);
    close(fds[1]);
    FILE *output = fdopen(fds[0], "r");
    while (server_port == 0 && fgets(said, sizeof said, output))
        if (strncmp(said, "ACCEPT 127.0.0.1:", 17) == 0)
            server_port = atoi(said + 17);
    ck_assert_int_gt(server_port, 0);
    fclose(output);
}

static void begin(bool is_trusted)
{
    make_certificate();
    start_server();
    options.ca_file = is_trusted ? certificate : NULL;
}

static void end_server(void)
{
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    unlink(certificate);
    unlink(key);
    rmdir(folder);
}

static const char *at(const char *host)
{
    static char text[100];
    snprintf(text, sizeof text, "https://%s:%d/", host, server_port);
    return text;
}

static void expect_refused(gr_co co, gr_client *client)
{
    expect_failure(co, client, GR_FETCH(.url = at("127.0.0.1")), -EACCES, "certificate");
}

START_TEST(a_certificate_of_nobody_known_is_refused)
{
    begin(false);
    run_client(expect_refused);
    end_server();
}
END_TEST

static void expect_accepted(gr_co co, gr_client *client)
{
    gr_response response = expect(co, client, GR_FETCH(.url = at("127.0.0.1")), 200, NULL);
    HAS(response.body, "s_server");
    gr_response_finish(&response);
}

START_TEST(one_that_a_file_of_the_options_signs_is_accepted)
{
    begin(true);
    run_client(expect_accepted);
    end_server();
}
END_TEST

static void expect_other_name_refused(gr_co co, gr_client *client)
{
    expect_failure(co, client, GR_FETCH(.url = at("localhost")), -EACCES, "localhost");
}

START_TEST(one_for_another_name_is_refused)
{
    begin(true);
    run_client(expect_other_name_refused);
    end_server();
}
END_TEST

CLIENT_TEST(a_server_without_tls_is_told)
{
    char address[100];
    snprintf(address, sizeof address, "https://127.0.0.1:%d/", site.port);
    expect_failure(co, client, GR_FETCH(.url = address), -EPROTO, "");
}

int main(void)
{
    const test_list tests = {a_certificate_of_nobody_known_is_refused, one_that_a_file_of_the_options_signs_is_accepted,
                             one_for_another_name_is_refused, a_server_without_tls_is_told, NULL};
    return run_tests("fetch tls", tests, 30);
}
