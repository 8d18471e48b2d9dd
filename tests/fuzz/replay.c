/* Gives every file of a corpus to a fuzz target: what a fuzzer found once stays found. */
#include <dirent.h>
#include <string.h>

#include "fuzz/fuzz.h"

static void replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    FUZZ_ASSERT(file);
    uint8_t *input = malloc(1 << 20);
    size_t size = fread(input, 1, 1 << 20, file);
    uint8_t *exact = malloc(size ? size : 1); /* so that a byte beyond is seen */
    memcpy(exact, input, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    free(input);
    fclose(file);
}

int main(int argc, char **argv)
{
    char path[4096];
    int n = 0;
    FUZZ_ASSERT(argc == 2);
    DIR *folder = opendir(argv[1]);
    FUZZ_ASSERT(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        replay(path);
        n++;
    }
    closedir(folder);
    printf("%d passed, %d failed\n", n, n == 0);
    return n == 0;
}
