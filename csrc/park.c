/* CPython's parking lot (Python/parking_lot.c, 3.13 and later): halts and waits for locks.

   A waiting thread has an entry on its stack that is linked into a table of the process.  Left there, the entry would
   stay in the table, and the next thread to wait would write through it.  So a guest is not left while the lot is on its
   stack; an interrupted wait takes its entry out as it returns, and is caught where it returns to. */

#include "halt_internal.h"

#include <dlfcn.h>
#include <string.h>

/* The parking lot's way in: while it is on the stack, an entry there may be linked into the table, or the lock of a part
   of the table be held.  _PyParkingLot_Park() is exported, but a build with link-time optimization calls copies of it;
   those are learned when a wait is first caught in one. */
#define PARK_SPAN 0x800
#define MAX_PARKS 8
static _Atomic uintptr_t parks[MAX_PARKS];

bool
enc_is_park(uintptr_t address)
{
    for (int i = 0; i < MAX_PARKS; i++) {
        uintptr_t start = atomic_load_explicit(&parks[i], memory_order_relaxed);
        if (start != 0 && address - start < PARK_SPAN) {
            return true;
        }
    }
    return false;
}

static void
learn_park(uintptr_t start)
{
    for (int i = 0; i < MAX_PARKS; i++) {
        uintptr_t free_entry = 0;
        if (atomic_load(&parks[i]) == start ||
            atomic_compare_exchange_strong(&parks[i], &free_entry, start)) {
            return;
        }
    }
}

/* Has it called what is running?  What it calls has small frames. */
ENC_READS_ANY_STACK bool
enc_called_by_park(const enc_slot *slot, uintptr_t sp)
{
    const uintptr_t *word = (const uintptr_t *)(sp & ~(uintptr_t)7);
    for (int i = 0; i < 128 && (uintptr_t)(word + i) < slot->stack_hi; i++) {
        if (enc_is_park(word[i])) {
            return true;
        }
    }
    return false;
}

void
enc_park_init(void)
{
    void *park = dlsym(RTLD_DEFAULT, "_PyParkingLot_Park"); /* none on 3.12 */
    if (park != NULL) {
        learn_park((uintptr_t)park);
    }
}

/* --- Catching a wait at its return --------------------------------------------------------------------------------------

   Called with the thread interrupted in the lot's wait, on the semaphore at `entry` in the frame of the lot's function.
   The address that this frame returns to is the first one above that stands behind a call of the function that the
   frames below return into.  It is exchanged for the address of a stub, which leaves the guest, or goes on where the
   call would have, if a lock of the runtime is held by then. */

#if defined(__x86_64__)

__asm__(".text\n"
        ".type enc_park_stub, @function\n"
        "enc_park_stub:\n"
        "    push %rax\n" /* what the function returned */
        "    push %rdx\n"
        "    call enc_park_returned\n"
        "    mov %rax, %r11\n"
        "    pop %rdx\n"
        "    pop %rax\n"
        "    jmp *%r11\n"
        ".size enc_park_stub, .-enc_park_stub\n");
extern char enc_park_stub[] __attribute__((visibility("hidden")));

__attribute__((used, visibility("hidden"))) uintptr_t
enc_park_returned(void)
{
    enc_slot *slot = enc_current_slot;
    uintptr_t go_on = slot->park_return;
    slot->park_return = 0;
    if (atomic_load(&slot->halt_reason) != ENC_HALT_NONE && enc_may_leave(slot)) {
        enc_count(ENC_COUNT_SIGNAL);
        enc_unwind(slot, ENC_UNWOUND_HALT);
    }
    return go_on;
}

/* The function that is called by the direct call right before this address, by way of a linkage table perhaps; 0 if there
   is no such call. */
static uintptr_t
called_before(uintptr_t address)
{
    const segment *s = enc_find_segment(address);
    if (s == NULL || s->kind != PLACE_INTERPRETER || address - 5 < s->lo) {
        return 0;
    }
    const unsigned char *code = (const unsigned char *)address;
    int32_t offset;
    if (code[-5] != 0xe8) {
        return 0;
    }
    memcpy(&offset, code - 4, 4);
    uintptr_t target = address + (uintptr_t)(intptr_t)offset;
    if (target - s->lo >= s->hi - s->lo - 16) {
        return 0;
    }
    code = (const unsigned char *)target;
    if (memcmp(code, "\xf3\x0f\x1e\xfa", 4) == 0) {
        code += 4; /* endbr64 */
    }
    if (*code == 0xf2) {
        code++; /* bnd */
    }
    if (code[0] == 0xff && code[1] == 0x25) {
        memcpy(&offset, code + 2, 4);
        target = *(const uintptr_t *)((uintptr_t)code + 6 + (uintptr_t)(intptr_t)offset);
    }
    return target;
}

static bool
shadow_stack(void)
{
    uint64_t pointer = 0;
    __asm__ volatile("rdsspq %0" : "+r"(pointer)); /* does nothing where there is none */
    return pointer != 0;
}

ENC_READS_ANY_STACK void
enc_park_catch(enc_slot *slot, uintptr_t entry, uintptr_t sp)
{
    if (shadow_stack()) {
        return;
    }
    entry &= ~(uintptr_t)7;
    for (uintptr_t *word = (uintptr_t *)entry;
         (uintptr_t)word < entry + 512 && (uintptr_t)word < slot->stack_hi; word++) {
        uintptr_t function = called_before(*word);
        for (uintptr_t *below = (uintptr_t *)(sp & ~(uintptr_t)7); function != 0 && (uintptr_t)below < entry;
             below++) {
            if (*below - function < PARK_SPAN) {
                learn_park(function);
                slot->park_return = *word;
                *word = (uintptr_t)enc_park_stub;
                return;
            }
        }
    }
}

#else

/* Not written for this processor: such a wait is left only when it ends. */
void
enc_park_catch(enc_slot *slot, uintptr_t entry, uintptr_t sp)
{
    (void)slot;
    (void)entry;
    (void)sp;
}

#endif
