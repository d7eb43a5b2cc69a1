/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Values and names are in files and cross the wire: they never change. */
typedef enum
{
  ISS_TASK_ROLL   = 0,   /* staged becomes current */
  ISS_TASK_RETIRE = 1,   /* what a roll has left, once nobody needs it */
  ISS_TASK_PURGE  = 2,   /* the trash, after its thirty days */
  ISS_TASK_DEPLOY = 3,   /* a package that has arrived */
  ISS_TASK_RELOAD = 4,   /* of a service, for what is published; root's watcher does it */
  ISS_N_TASK_KINDS
} IssTaskKind;

typedef enum
{
  ISS_TASK_STATE_DUE       = 0,   /* waits for its instant, or runs in a moment */
  ISS_TASK_STATE_HELD      = 1,   /* not armed: does not run at its instant */
  ISS_TASK_STATE_RUNNING   = 2,
  ISS_TASK_STATE_FAILED    = 3,   /* will be tried again */
  ISS_TASK_STATE_DONE      = 4,
  ISS_TASK_STATE_OVERTAKEN = 5,   /* a later change made it pointless; it did not run */
  ISS_N_TASK_STATES
} IssTaskState;

const char   *iss_task_kind_get_name   (IssTaskKind    kind);    /* "roll" */
const char   *iss_task_kind_get_label  (IssTaskKind    kind);    /* translated */
gboolean      iss_task_kind_parse      (const char    *name,
                                        IssTaskKind   *out_kind);
const char   *iss_task_state_get_name  (IssTaskState   state);   /* "due" */
const char   *iss_task_state_get_label (IssTaskState   state);   /* translated */
gboolean      iss_task_state_parse     (const char    *name,
                                        IssTaskState  *out_state);

#define ISS_TASK_MAX_TEXT 1024

/* Later than that after its instant, a task says that it was late. Seconds. */
#define ISS_TASK_LATE_TIME 60

#define ISS_TYPE_TASK (iss_task_get_type ())

/* Something that a server does at an instant: what, when, and how far it is. Immutable. */
G_DECLARE_FINAL_TYPE (IssTask, iss_task, ISS, TASK, GObject)

IssTask      *iss_task_new              (IssTaskKind    kind,
                                         const char    *type,
                                         const char    *certificate,
                                         guint64        revision,
                                         gint64         due) G_GNUC_WARN_UNUSED_RESULT;

/* The same task, a step further. */
IssTask      *iss_task_hold             (IssTask       *self) G_GNUC_WARN_UNUSED_RESULT;
IssTask      *iss_task_begin            (IssTask       *self,
                                         gint64         now) G_GNUC_WARN_UNUSED_RESULT;
IssTask      *iss_task_make             (IssTask       *self) G_GNUC_WARN_UNUSED_RESULT;
IssTask      *iss_task_fail             (IssTask       *self,
                                         gint64         now,
                                         const char    *reason,
                                         double         jitter) G_GNUC_WARN_UNUSED_RESULT;
IssTask      *iss_task_finish           (IssTask       *self,
                                         IssTaskState   state,
                                         gint64         now,
                                         const char    *note) G_GNUC_WARN_UNUSED_RESULT;

const char   *iss_task_get_id           (IssTask       *self);   /* "roll-OAuthTokenIssuer-7" */
IssTaskKind   iss_task_get_kind         (IssTask       *self);
const char   *iss_task_get_type_name    (IssTask       *self);   /* "" = of no type */
const char   *iss_task_get_consumer     (IssTask       *self);   /* of a reload; "" of others */
const char   *iss_task_get_certificate  (IssTask       *self);   /* SHA-256 in hex, or "" */
guint64       iss_task_get_revision     (IssTask       *self);   /* of its assignment; 0 = none */
gint64        iss_task_get_due          (IssTask       *self);
IssTaskState  iss_task_get_state        (IssTask       *self);
guint         iss_task_get_attempts     (IssTask       *self);
gint64        iss_task_get_last_try     (IssTask       *self);   /* 0 = never */
gint64        iss_task_get_next_try     (IssTask       *self);   /* 0 = not FAILED */
const char   *iss_task_get_result       (IssTask       *self);   /* a sentence, or "" */

gboolean      iss_task_is_made          (IssTask       *self);
gboolean      iss_task_is_over          (IssTask       *self);
gint64        iss_task_get_wake         (IssTask       *self,
                                         gint64         now);
gint64        iss_task_get_lateness     (IssTask       *self,
                                         gint64         now);

char         *iss_task_to_text          (IssTask       *self) G_GNUC_WARN_UNUSED_RESULT;
IssTask      *iss_task_new_from_text    (GBytes        *text,
                                         GError       **error) G_GNUC_WARN_UNUSED_RESULT;
GVariant     *iss_task_to_variant       (IssTask       *self) G_GNUC_WARN_UNUSED_RESULT;
IssTask      *iss_task_new_from_variant (GVariant      *variant,
                                         GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
