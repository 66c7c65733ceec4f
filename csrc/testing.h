/* Places of the core where a test can stop the thread that comes there, or make it late: see testing_points.c.

   A place of a slot's thread never lies where slot->lock is held: halts have to be able to come in.  Those of whoever
   halts may. */

#ifndef ENCLAVE_TESTING_H
#define ENCLAVE_TESTING_H

#define ENC_POINTS(X)                                                    \
    /* A slot's thread, in the order of a life. */                       \
    X(BIRTH_BEGUN, "birth begun")                                        \
    X(BIRTH_CREATING, "birth creating")                                  \
    X(BIRTH_CREATED, "birth created")                                    \
    X(BIRTH_ATTACHED, "birth attached")                                  \
    X(BIRTH_LOADED, "birth loaded")                                      \
    X(BIRTH_WARM, "birth warm")                                          \
    X(BIRTH_DETACHED, "birth detached")                                  \
    X(BIRTH_UNTOUCHED, "birth before the snapshot")                      \
    X(BIRTH_TAKEN, "birth after the snapshot")                           \
    X(BIRTH_OVER, "birth over")                                          \
    X(IDLE, "idle")                                                      \
    X(RUN_TAKEN, "run taken")                                            \
    X(RUN_LANDING, "run landing set")                                    \
    X(RUN_LEAVABLE, "run leavable")                                      \
    X(RUN_ANNOUNCED, "run announced")                                    \
    X(RUN_ATTACHED, "run attached")                                      \
    X(RUN_IMPORTING, "run importing")                                    \
    X(RUN_WRITING, "run writing")                                        \
    X(RUN_WRITTEN, "run written")                                        \
    X(RUN_POSTING, "run posting")                                        \
    X(RUN_ASKING, "run asking")                                          \
    X(RUN_ANSWERED, "run answered")                                      \
    X(RUN_ENCODING, "run encoding")                                      \
    X(RUN_ENCODED, "run encoded")                                        \
    X(RUN_RETURNED, "run returned")                                      \
    X(RUN_DETACHED, "run detached")                                      \
    X(RUN_OVER, "run over")                                              \
    X(ANSWER_OUT, "answer out")                                          \
    X(REWIND_BEGUN, "rewind begun")                                      \
    X(REWIND_RESTORED, "rewind restored")                                \
    X(REWIND_OVER, "rewind over")                                        \
    X(ERRAND_BEGUN, "errand begun")                                      \
    X(ERRAND_OVER, "errand over")                                        \
    X(END_BEGUN, "end begun")                                            \
    X(END_TRACELESS, "end traceless")                                    \
    X(END_UNLINKED, "end unlinked")                                      \
    X(END_RELEASED, "end released")                                      \
    X(END_OVER, "end over")                                              \
    /* Whoever halts or hears: a thread of the host, or the watchdog. */ \
    X(HALT_ASKED, "halt asked")                                          \
    X(HALT_DECIDED, "halt decided")                                      \
    X(HALT_ANNOUNCED, "halt announced")                                  \
    X(DEADLINE_SEEN, "deadline seen")                                    \
    X(POKE_NEXT, "poke next")                                            \
    X(POKE_SENT, "poke sent")                                            \
    X(CLOSE_ASKED, "close asked")                                        \
    X(REPLY_BROUGHT, "reply brought")                                    \
    X(EVENT_TAKEN, "event taken")

#ifdef ENCLAVE_TESTING
#include <stdbool.h>
#include <stdint.h>

struct enc_slot;
#define ENC_POINT_ID(id, name) ENC_POINT_##id,
enum { ENC_POINTS(ENC_POINT_ID) ENC_POINT_COUNT };
#undef ENC_POINT_ID
void enc_testing_point(struct enc_slot *slot, int point);
extern int64_t enc_testing_condemn_after; /* watchdog.c: nanoseconds */
#define ENC_POINT(slot, id) enc_testing_point(slot, ENC_POINT_##id)

/* testing_steps.c */
bool enc_testing_step(struct enc_slot *slot, void *context); /* a SIGTRAP that was its own? */
void enc_testing_signal(void *context); /* halt.c: as if the halting signal had come there */
#else
#define ENC_POINT(slot, id) ((void)0)
#endif

#endif
