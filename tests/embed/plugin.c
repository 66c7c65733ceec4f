/* The library as a plug-in: loaded so that its names, and Python's, are nobody else's. */

#include <dlfcn.h>
#include <stdio.h>

#include "enclave.h"

int
main(int argc, char **argv)
{
    if (argc < 2 || dlopen("libenclave.so", RTLD_NOW | RTLD_NOLOAD) != NULL) {
        printf("the library is linked already\n");
        return 1;
    }
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        printf("%s\n", dlerror());
        return 1;
    }
    enclave_status (*open)(const enclave_config *, enclave **) = dlsym(library, "enclave_open");
    enclave_status (*run)(enclave *, const char *, double, const char *, enclave_result **) =
        dlsym(library, "enclave_run");
    const char *(*value)(const enclave_result *, size_t *) = dlsym(library, "enclave_result_value");
    const char *(*error)(void) = dlsym(library, "enclave_last_error");
    enclave *opened = NULL;
    enclave_result *result = NULL;
    const char *script = "import decimal, zlib, datetime\nstr(decimal.Decimal(zlib.crc32(b'a')))";
    if (open(NULL, &opened) != ENCLAVE_OK || run(opened, script, 0, NULL, &result) != ENCLAVE_OK) {
        printf("%s\n", error());
        return 1;
    }
    printf("%s\n", value(result, NULL));
    return 0;
}
