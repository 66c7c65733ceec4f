/* What a slot's thread sees of the process: files, working directory, name. */

#include "slot_internal.h"

#include <linux/close_range.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>

void
enc_own_thread_tables(enc_slot *slot)
{
    char name[16];
    snprintf(name, sizeof(name), "%s", slot->name);
    prctl(PR_SET_NAME, name);
    slot->tid = (int)syscall(SYS_gettid);
    /* A file table and a working directory of its own: what a guest opens, closes or changes there is its own, and no
       message of the runtime can reach the host's stderr. */
    slot->own_files = unshare(CLONE_FILES | CLONE_FS) == 0;
}

/* Every descriptor from `from` on but those that the rewind needs.  Once it has failed with them (a guest can close or exchange what it
   finds in its table) it does without, and they are closed with the rest. */
static void
close_descriptors(const enc_slot *slot, unsigned from)
{
    int keep[2];
    enc_rewind_descriptors(keep);
    if (slot->rewind != NULL && enc_rewind_mode_of(slot->rewind) != ENC_REWIND_SCAN) {
        keep[0] = keep[1] = -1;
    }
    for (int i = 0; i < 2; i++) {
        if (keep[i] >= 0 && (unsigned)keep[i] >= from) {
            if ((unsigned)keep[i] > from) {
                syscall(SYS_close_range, from, (unsigned)keep[i] - 1, 0);
            }
            from = (unsigned)keep[i] + 1;
        }
    }
    syscall(SYS_close_range, from, ~0u, 0);
}

void
enc_own_process_view(const enc_slot *slot)
{
    if (slot->own_files && slot->trusted) {
        close_descriptors(slot, STDERR_FILENO + 1);
        return;
    }
    if (slot->own_files && !slot->filtered) { /* in the sandbox nothing can be opened or changed */
        close_descriptors(slot, 0);
        umask(022);
        (void)!chdir("/");
    }
}
