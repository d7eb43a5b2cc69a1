/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/consumer.h"
#include "core/assignment/live-state.h"
#include "core/assignment/staged-key.h"

G_BEGIN_DECLS

/* Names are in files and cross the wire: they never change. */
typedef enum
{
  ISS_RELOAD_PENDING,      /* what is published now is not reloaded yet */
  ISS_RELOAD_RUNNING,      /* begun; if that is long ago, cut off */
  ISS_RELOAD_DONE,
  ISS_RELOAD_FAILED,       /* ended with another status than 0, or could not be begun */
  ISS_RELOAD_TIMED_OUT,    /* did not end, and was killed */
  ISS_RELOAD_UNREADABLE,   /* not begun: the account cannot read the key */
  ISS_N_RELOAD_STATES
} IssReloadState;

#define ISS_RELOAD_MAX_OUTPUT 1000    /* characters */
#define ISS_RELOAD_MAX_REASON 400
#define ISS_RELOAD_RETRY 300          /* seconds after which what failed is tried again */
#define ISS_RELOAD_GRACE 120          /* seconds after which nothing seems to watch */

/**
 * IssReload:
 *
 * What became of the reload of one consumer: for which made folder, when, and how it ended. Times
 * are of the server's clock.
 */
typedef struct
{
  char           *consumer;      /* "nginx" */
  char           *type;          /* name of a certificate type */
  char           *what;          /* "nginx.service", or a command */
  guint           timeout;       /* seconds */

  IssReloadState  state;
  IssLiveState    live;          /* what it is, or was, reloaded for */
  guint           attempts;      /* for that */
  gint64          started;       /* 0 = not yet */
  gint64          ended;         /* 0 = not yet */
  char           *reason;        /* why it failed, without a full stop; "" */
  char           *output;        /* what it said, fit to be shown; "" */

  char           *account;       /* "" = none is to read the key */
  gint64          tried;         /* when it was tried to read the key; 0 = not */
  gboolean        readable;

  IssLiveState    good;          /* the last that was reloaded with success */
  gint64          good_at;       /* 0 = none */

  IssStagedKey    staged;        /* where an account is to read the key: whether it will be able */
} IssReload;

IssReload   *iss_reload_new           (const IssConsumer   *consumer,
                                       const IssReload     *before,
                                       const IssLiveState  *live,
                                       const IssStagedKey  *staged) G_GNUC_WARN_UNUSED_RESULT;
void         iss_reload_free          (IssReload           *self);

/* In a process that runs it. */
void         iss_reload_try           (IssReload           *self,
                                       gint64               now,
                                       const char          *why_not);
void         iss_reload_begin         (IssReload           *self,
                                       gint64               now);
void         iss_reload_end           (IssReload           *self,
                                       IssReloadState       state,
                                       gint64               now,
                                       const char          *reason,
                                       const char          *output);

gboolean     iss_reload_is_failed     (const IssReload     *self);
/* as of the server's clock: not as it should be */
gboolean     iss_reload_is_wrong      (const IssReload     *self,
                                       gint64               now);

const char  *iss_reload_state_get_name (IssReloadState      state);   /* "timed-out" */

char        *iss_reload_to_text       (const IssReload     *self) G_GNUC_WARN_UNUSED_RESULT;
IssReload   *iss_reload_new_from_text (GBytes              *text,
                                       GError             **error) G_GNUC_WARN_UNUSED_RESULT;
/* floating a{sv} */
GVariant    *iss_reload_to_variant    (const IssReload     *self);
IssReload   *iss_reload_new_from_variant (GVariant         *variant) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssReload, iss_reload_free)

G_END_DECLS
