/* Memory for what crosses between slots and host; see block.c. */

#ifndef ENCLAVE_BLOCK_H
#define ENCLAVE_BLOCK_H

#include <stddef.h>

/* From this size on a block is a mapping of its own. */
#define ENC_BLOCK_LARGE ((size_t)128 << 10)

void *enc_block_new(size_t size); /* NULL: out of memory */
void enc_block_free(void *block); /* by any thread; NULL is none */

#endif
