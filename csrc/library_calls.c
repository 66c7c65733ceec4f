/* Functions of libc's are exchanged for ours (library_locks.c) where libraries and extension modules call them: in the table
   of addresses that the loader has filled in for each object.  Never in the interpreter, libc or the core itself.

   It is done by threads of the host, for what is loaded by then: when the core is initialised, before an extension module is
   let into slots, and by the watchdog as it makes its map.  An object that another thread is loading at that moment is
   listed already, though the loader has still to fill in its table: what it has not come to, to which it may still add the
   object's own address, is left for the next round.  A slot sees the object later still.

   `lock` guards the walk; it may be taken with a slot's lock held, and below it comes the loader's own. */

#include "core.h"

#include <link.h>
#include <stdio.h>
#include <sys/mman.h>

#if defined(__x86_64__)
#define IS_FUNCTION(type) ((type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_GLOB_DAT)
#elif defined(__aarch64__)
#define IS_FUNCTION(type) ((type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_GLOB_DAT)
#endif

static enc_mutex lock;
static unsigned long long adds, subs;
static bool complete; /* nothing was passed over in the last walk */

static bool
is_writable(uintptr_t at)
{
    bool found = false, writable = true;
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[512], mode[8];
    while (maps != NULL && !found && fgets(line, sizeof(line), maps) != NULL) {
        unsigned long from, to;
        found = sscanf(line, "%lx-%lx %7s", &from, &to, mode) == 3 && at - from < to - from;
        writable = !found || mode[1] == 'w';
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return writable;
}

/* Part of the table may have been write-protected when the loader was done with it. */
static void
put(const struct dl_phdr_info *info, uintptr_t at, uintptr_t address)
{
    uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE), page = at & ~(size - 1);
    bool shut = false;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        if (ph->p_type == PT_GNU_RELRO) {
            uintptr_t lo = info->dlpi_addr + ph->p_vaddr;
            shut = page >= (lo & ~(size - 1)) && page < ((lo + ph->p_memsz) & ~(size - 1));
        }
    }
    if (shut && (is_writable(at) || mprotect((void *)page, size, PROT_READ | PROT_WRITE) != 0)) {
        complete = false; /* another thread is just loading it: later */
        return;
    }
    atomic_store((_Atomic uintptr_t *)at, address);
    if (shut) {
        mprotect((void *)page, size, PROT_READ);
    }
}

/* Until the loader comes to it, nothing is there or an offset in the object. */
static bool
is_filled_in(const struct dl_phdr_info *info, uintptr_t value)
{
    uintptr_t end = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        end = ph->p_type == PT_LOAD ? ph->p_vaddr + ph->p_memsz : end;
    }
    return value >= end;
}

static void
cover_table(const struct dl_phdr_info *info, const ElfW(Rela) * table, size_t bytes,
            const ElfW(Sym) * symbols, const char *strings)
{
    for (size_t i = 0; i < bytes / sizeof(*table); i++) {
        const ElfW(Sym) *symbol = &symbols[ELF64_R_SYM(table[i].r_info)];
        if (!IS_FUNCTION(ELF64_R_TYPE(table[i].r_info)) || symbol->st_shndx != SHN_UNDEF) {
            continue;
        }
        uintptr_t at = info->dlpi_addr + table[i].r_offset;
        uintptr_t address = enc_library_locks_function(strings + symbol->st_name);
        if (address == 0 || *(const uintptr_t *)at == address) {
            continue;
        }
        if (is_filled_in(info, *(const uintptr_t *)at)) {
            put(info, at, address);
        }
        else {
            complete = false;
        }
    }
}

static void
cover_object(const struct dl_phdr_info *info, const ElfW(Dyn) * dynamic)
{
    uintptr_t strings = 0, symbols = 0, slots = 0, others = 0;
    size_t slots_size = 0, others_size = 0;
    for (; dynamic->d_tag != DT_NULL; dynamic++) {
        /* glibc has made addresses of them, musl has not. */
        uintptr_t value = dynamic->d_un.d_ptr;
        uintptr_t address = value < info->dlpi_addr ? info->dlpi_addr + value : value;
        switch (dynamic->d_tag) {
        case DT_STRTAB:
            strings = address;
            break;
        case DT_SYMTAB:
            symbols = address;
            break;
        case DT_JMPREL:
            slots = address;
            break;
        case DT_PLTRELSZ:
            slots_size = value;
            break;
        case DT_RELA:
            others = address;
            break;
        case DT_RELASZ:
            others_size = value;
            break;
        }
    }
    if (strings != 0 && symbols != 0) {
        const char *text = (const char *)strings;
        const ElfW(Sym) *table = (const ElfW(Sym) *)symbols;
        cover_table(info, (const ElfW(Rela) *)slots, slots != 0 ? slots_size : 0, table, text);
        cover_table(info, (const ElfW(Rela) *)others, others != 0 ? others_size : 0, table, text);
    }
}

static int
visit(struct dl_phdr_info *info, size_t size, void *arg)
{
    bool *first = arg;
    if (*first && size >= offsetof(struct dl_phdr_info, dlpi_subs) + sizeof(info->dlpi_subs)) {
        if (complete && info->dlpi_adds == adds && info->dlpi_subs == subs) {
            return 1; /* nothing was loaded since */
        }
        adds = info->dlpi_adds;
        subs = info->dlpi_subs;
        complete = true;
    }
    *first = false;
    const ElfW(Phdr) *dynamic = NULL;
    bool own = false;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        dynamic = ph->p_type == PT_DYNAMIC ? ph : dynamic;
        own =
            own || (ph->p_type == PT_LOAD && (uintptr_t)visit - info->dlpi_addr - ph->p_vaddr < ph->p_memsz);
    }
    if (dynamic != NULL && !own && info->dlpi_name != NULL && enc_is_library(info->dlpi_name)) {
        cover_object(info, (const ElfW(Dyn) *)(info->dlpi_addr + dynamic->p_vaddr));
    }
    return 0;
}

void
enc_library_calls_cover(void)
{
    bool first = true;
    enc_mutex_lock(&lock);
    dl_iterate_phdr(visit, &first);
    enc_mutex_unlock(&lock);
}

void
enc_library_calls_in_child(void)
{
    atomic_store(&lock.word, 0);
}
