/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/task.h"

#include "core/assignment/consumer.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>

#define GROUP "task"
#define FIRST_WAIT 10
#define LONGEST_WAIT 900
#define LAST_INSTANT G_GINT64_CONSTANT (253402300799)   /* of the year 9999 */

/**
 * IssTask:
 *
 * What a server does at an instant, and how far it is. That it is to be done at all follows
 * from assignments.conf and from what is on the disk: the file of a task records only what
 * became of it.
 *
 * A step makes a new value, so that one that is shown never changes under the eyes of a reader.
 */
struct _IssTask
{
  GObject       parent_instance;

  /* Owned */
  char         *id;
  char         *type;          /* "" = of no type */
  char         *certificate;   /* "" = of none */
  char         *consumer;      /* "" = of none */
  char         *result;        /* "" = nothing to say */

  IssTaskKind   kind;
  IssTaskState  state;
  guint64       revision;
  gint64        due;
  gint64        last_try;
  gint64        next_try;
  guint         attempts;
  gboolean      made;          /* the change is made; what follows from it is not */
};

G_DEFINE_FINAL_TYPE (IssTask, iss_task, G_TYPE_OBJECT)

typedef struct
{
  const char *name;
  const char *label;
} Word;

static const Word kinds[] =
{
  [ISS_TASK_ROLL]   = { "roll",   N_("roll") },
  [ISS_TASK_RETIRE] = { "retire", N_("retire") },
  [ISS_TASK_PURGE]  = { "purge",  N_("purge") },
  [ISS_TASK_DEPLOY] = { "deploy", N_("deploy") },
  [ISS_TASK_RELOAD] = { "reload", N_("reload") },
};

static const Word states[] =
{
  [ISS_TASK_STATE_DUE]       = { "due",       N_("due") },
  [ISS_TASK_STATE_HELD]      = { "held",      N_("held: not armed") },
  [ISS_TASK_STATE_RUNNING]   = { "running",   N_("running") },
  [ISS_TASK_STATE_FAILED]    = { "failed",    N_("failed") },
  [ISS_TASK_STATE_DONE]      = { "done",      N_("done") },
  [ISS_TASK_STATE_OVERTAKEN] = { "overtaken", N_("overtaken") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == ISS_N_TASK_KINDS);
G_STATIC_ASSERT (G_N_ELEMENTS (states) == ISS_N_TASK_STATES);

/**
 * iss_task_kind_get_name:
 * @kind: a kind of task
 *
 * Returns: (transfer none): its word in files, on the wire and in JSON
 */
const char *
iss_task_kind_get_name (IssTaskKind kind)
{
  g_return_val_if_fail ((guint) kind < ISS_N_TASK_KINDS, NULL);

  return kinds[kind].name;
}

/**
 * iss_task_kind_get_label:
 * @kind: a kind of task
 *
 * Returns: (transfer none): its word on the screen, translated
 */
const char *
iss_task_kind_get_label (IssTaskKind kind)
{
  g_return_val_if_fail ((guint) kind < ISS_N_TASK_KINDS, NULL);

  return _(kinds[kind].label);
}

/**
 * iss_task_kind_parse:
 * @name: a word
 * @out_kind: (out): return location for the kind
 *
 * Returns: whether @name is a kind of task
 */
gboolean
iss_task_kind_parse (const char  *name,
                     IssTaskKind *out_kind)
{
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (out_kind != NULL, FALSE);

  for (guint i = 0; i < ISS_N_TASK_KINDS; i++)
    {
      if (g_str_equal (kinds[i].name, name))
        {
          *out_kind = (IssTaskKind) i;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * iss_task_state_get_name:
 * @state: the state of a task
 *
 * Returns: (transfer none): its word in files, on the wire and in JSON
 */
const char *
iss_task_state_get_name (IssTaskState state)
{
  g_return_val_if_fail ((guint) state < ISS_N_TASK_STATES, NULL);

  return states[state].name;
}

/**
 * iss_task_state_get_label:
 * @state: the state of a task
 *
 * Returns: (transfer none): its word on the screen, translated
 */
const char *
iss_task_state_get_label (IssTaskState state)
{
  g_return_val_if_fail ((guint) state < ISS_N_TASK_STATES, NULL);

  return _(states[state].label);
}

/**
 * iss_task_state_parse:
 * @name: a word
 * @out_state: (out): return location for the state
 *
 * Returns: whether @name is a state of a task
 */
gboolean
iss_task_state_parse (const char   *name,
                      IssTaskState *out_state)
{
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (out_state != NULL, FALSE);

  for (guint i = 0; i < ISS_N_TASK_STATES; i++)
    {
      if (g_str_equal (states[i].name, name))
        {
          *out_state = (IssTaskState) i;
          return TRUE;
        }
    }

  return FALSE;
}

static void
iss_task_finalize (GObject *object)
{
  IssTask *self = ISS_TASK (object);

  g_free (self->id);
  g_free (self->type);
  g_free (self->certificate);
  g_free (self->consumer);
  g_free (self->result);

  G_OBJECT_CLASS (iss_task_parent_class)->finalize (object);
}

static void
iss_task_class_init (IssTaskClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_task_finalize;
}

static void
iss_task_init (IssTask *self)
{
  self->consumer = g_strdup ("");
  self->result = g_strdup ("");
}

/* What an assignment asks for is told by its revision; all else by its instant. */
static char *
dup_id (IssTaskKind  kind,
        const char  *type,
        guint64      revision,
        gint64       due)
{
  const guint64 number = revision != 0 ? revision : (guint64) MAX (due, 0);

  return g_strdup_printf ("%s%s%s-%" G_GUINT64_FORMAT, kinds[kind].name,
                          *type != '\0' ? "-" : "", type, number);
}

/**
 * iss_task_new:
 * @kind: what is to be done
 * @type: the name of a certificate type, or "" when it is of none
 * @certificate: SHA-256 in hex of the certificate concerned, or ""
 * @revision: of the assignment that asks for it; 0 when there is none
 * @due: its instant, seconds since 1970
 *
 * Returns: (transfer full): a task that waits for its instant
 */
IssTask *
iss_task_new (IssTaskKind  kind,
              const char  *type,
              const char  *certificate,
              guint64      revision,
              gint64       due)
{
  IssTask *self;

  g_return_val_if_fail ((guint) kind < ISS_N_TASK_KINDS, NULL);
  g_return_val_if_fail (type != NULL && certificate != NULL, NULL);

  self = g_object_new (ISS_TYPE_TASK, NULL);
  self->kind = kind;
  self->type = g_strdup (type);
  self->certificate = g_strdup (certificate);
  self->revision = revision;
  self->due = due;
  self->id = dup_id (kind, type, revision, due);

  return self;
}

/* Several services may use one type. */
static void
set_consumer (IssTask    *self,
              const char *consumer)
{
  g_autofree char *id = g_steal_pointer (&self->id);

  g_free (self->consumer);
  self->consumer = g_strdup (consumer);
  self->id = g_strdup_printf ("%s-%s", id, consumer);
}

static IssTask *
copy (IssTask      *self,
      IssTaskState  state,
      const char   *result)
{
  IssTask *step = iss_task_new (self->kind, self->type, self->certificate, self->revision,
                                self->due);

  if (*self->consumer != '\0')
    set_consumer (step, self->consumer);

  step->state = state;
  step->attempts = self->attempts;
  step->made = self->made;
  step->last_try = self->last_try;
  g_free (step->result);
  step->result = iss_text_sanitise (result, -1, ISS_TASK_MAX_TEXT);

  return step;
}

/**
 * iss_task_hold:
 * @self: a task
 *
 * Returns: (transfer full): the same, waiting for more than its instant
 */
IssTask *
iss_task_hold (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), NULL);

  return copy (self, ISS_TASK_STATE_HELD, self->result);
}

/**
 * iss_task_begin:
 * @self: a task
 * @now: seconds since 1970
 *
 * Returns: (transfer full): the same, running, one attempt more
 */
IssTask *
iss_task_begin (IssTask *self,
                gint64   now)
{
  IssTask *step;

  g_return_val_if_fail (ISS_IS_TASK (self), NULL);

  step = copy (self, ISS_TASK_STATE_RUNNING, self->result);
  step->last_try = now;
  if (step->attempts < G_MAXUINT)
    step->attempts++;

  return step;
}

/**
 * iss_task_make:
 * @self: a running task
 *
 * Returns: (transfer full): the same, its change made: what is left follows from it, and is
 *   tried again without it
 */
IssTask *
iss_task_make (IssTask *self)
{
  IssTask *step;

  g_return_val_if_fail (ISS_IS_TASK (self), NULL);

  step = copy (self, self->state, self->result);
  step->made = TRUE;

  return step;
}

/* 10 s, 20 s, 40 s, … 15 minutes, and up to a quarter more, so that servers that failed
 * together do not try again together. */
static gint64
get_wait (guint  attempts,
          double jitter)
{
  gint64 wait = FIRST_WAIT;

  for (guint i = 1; i < attempts && wait < LONGEST_WAIT; i++)
    wait *= 2;
  wait = MIN (wait, LONGEST_WAIT);

  return wait + (gint64) (CLAMP (jitter, 0.0, 1.0) * (double) wait / 4);
}

/**
 * iss_task_fail:
 * @self: a task
 * @now: seconds since 1970
 * @reason: why, a sentence without full stop
 * @jitter: 0 to 1: how much longer than necessary it waits
 *
 * Returns: (transfer full): the same, failed, with the instant at which it is tried again
 */
IssTask *
iss_task_fail (IssTask    *self,
               gint64      now,
               const char *reason,
               double      jitter)
{
  IssTask *step;

  g_return_val_if_fail (ISS_IS_TASK (self), NULL);
  g_return_val_if_fail (reason != NULL, NULL);

  step = copy (self, ISS_TASK_STATE_FAILED, reason);
  step->next_try = now + get_wait (step->attempts, jitter);

  return step;
}

/**
 * iss_task_finish:
 * @self: a task
 * @state: %ISS_TASK_STATE_DONE or %ISS_TASK_STATE_OVERTAKEN
 * @now: seconds since 1970
 * @note: (nullable): what there is to say about it, a sentence without full stop
 *
 * Returns: (transfer full): the same, over
 */
IssTask *
iss_task_finish (IssTask      *self,
                 IssTaskState  state,
                 gint64        now,
                 const char   *note)
{
  IssTask *step;

  g_return_val_if_fail (ISS_IS_TASK (self), NULL);
  g_return_val_if_fail (state == ISS_TASK_STATE_DONE || state == ISS_TASK_STATE_OVERTAKEN, NULL);

  step = copy (self, state, note != NULL ? note : "");
  step->last_try = now;

  return step;
}

/**
 * iss_task_get_id:
 * @self: a task
 *
 * Returns: (transfer none): what tells it from every other task of its server
 */
const char *
iss_task_get_id (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), NULL);

  return self->id;
}

/**
 * iss_task_get_kind:
 * @self: a task
 *
 * Returns: what is to be done
 */
IssTaskKind
iss_task_get_kind (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), ISS_TASK_ROLL);

  return self->kind;
}

/**
 * iss_task_get_type_name:
 * @self: a task
 *
 * Returns: (transfer none): the name of its certificate type, or "" when it is of none
 */
const char *
iss_task_get_type_name (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), NULL);

  return self->type;
}

/**
 * iss_task_get_consumer:
 * @self: a task
 *
 * Returns: (transfer none): the service that it reloads, as it is configured; "" when it reloads
 *   none
 */
const char *
iss_task_get_consumer (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), NULL);

  return self->consumer;
}

/**
 * iss_task_get_certificate:
 * @self: a task
 *
 * Returns: (transfer none): SHA-256 in hex of the certificate concerned, or ""
 */
const char *
iss_task_get_certificate (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), NULL);

  return self->certificate;
}

/**
 * iss_task_get_revision:
 * @self: a task
 *
 * Returns: the revision of the assignment that asks for it; 0 when there is none
 */
guint64
iss_task_get_revision (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), 0);

  return self->revision;
}

/**
 * iss_task_get_due:
 * @self: a task
 *
 * Returns: its instant
 */
gint64
iss_task_get_due (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), 0);

  return self->due;
}

/**
 * iss_task_get_state:
 * @self: a task
 *
 * Returns: how far it is
 */
IssTaskState
iss_task_get_state (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), ISS_TASK_STATE_DUE);

  return self->state;
}

/**
 * iss_task_get_attempts:
 * @self: a task
 *
 * Returns: how often it was begun
 */
guint
iss_task_get_attempts (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), 0);

  return self->attempts;
}

/**
 * iss_task_get_last_try:
 * @self: a task
 *
 * Returns: when it was begun or, when it is over, ended; 0 = never
 */
gint64
iss_task_get_last_try (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), 0);

  return self->last_try;
}

/**
 * iss_task_get_next_try:
 * @self: a task
 *
 * Returns: when one that has failed is tried again; 0 for others
 */
gint64
iss_task_get_next_try (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), 0);

  return self->next_try;
}

/**
 * iss_task_get_result:
 * @self: a task
 *
 * Returns: (transfer none): why it failed, or what there is to say about how it ended; ""
 *   when there is nothing
 */
const char *
iss_task_get_result (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), NULL);

  return self->result;
}

/**
 * iss_task_is_made:
 * @self: a task
 *
 * Returns: whether its change is known to be made, though it is not over
 */
gboolean
iss_task_is_made (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), FALSE);

  return self->made;
}

/**
 * iss_task_is_over:
 * @self: a task
 *
 * Returns: whether it does not run again
 */
gboolean
iss_task_is_over (IssTask *self)
{
  g_return_val_if_fail (ISS_IS_TASK (self), TRUE);

  return self->state == ISS_TASK_STATE_DONE || self->state == ISS_TASK_STATE_OVERTAKEN;
}

/**
 * iss_task_get_wake:
 * @self: a task
 * @now: seconds since 1970
 *
 * A try that lies further ahead than any wait can is the work of a clock that was wrong then:
 * it is not waited for.
 *
 * Returns: from when on it is to be run: at once when that is not after @now; 0 = never, or not
 *   by the scheduler
 */
gint64
iss_task_get_wake (IssTask *self,
                   gint64   now)
{
  g_return_val_if_fail (ISS_IS_TASK (self), 0);

  /* Somebody else's. */
  if (self->kind == ISS_TASK_RELOAD)
    return 0;

  switch (self->state)
    {
    case ISS_TASK_STATE_DUE:
    case ISS_TASK_STATE_RUNNING:
      return MAX (self->due, 1);

    case ISS_TASK_STATE_FAILED:
      if (self->next_try > now + get_wait (G_MAXUINT, 1.0))
        return now;
      return MAX (self->next_try, 1);

    case ISS_TASK_STATE_HELD:
    case ISS_TASK_STATE_DONE:
    case ISS_TASK_STATE_OVERTAKEN:
    case ISS_N_TASK_STATES:
      break;
    }

  return 0;
}

/**
 * iss_task_get_lateness:
 * @self: a task
 * @now: seconds since 1970
 *
 * Returns: by how many seconds it is late, or was when it ended; 0 while that is not worth
 *   a word, and for what may wait
 */
gint64
iss_task_get_lateness (IssTask *self,
                       gint64   now)
{
  gint64 late;

  g_return_val_if_fail (ISS_IS_TASK (self), 0);

  if (self->state == ISS_TASK_STATE_HELD || self->state == ISS_TASK_STATE_OVERTAKEN ||
      self->kind == ISS_TASK_RETIRE || self->kind == ISS_TASK_PURGE)
    return 0;

  late = (self->state == ISS_TASK_STATE_DONE ? self->last_try : now) - self->due;

  return late > ISS_TASK_LATE_TIME ? late : 0;
}

static void
set_instant (GKeyFile   *file,
             const char *key,
             gint64      instant)
{
  g_autofree char *text = NULL;

  if (instant == 0)
    return;

  text = iss_time_text_iso (instant);
  g_key_file_set_string (file, GROUP, key, text);
}

/**
 * iss_task_to_text:
 * @self: a task
 *
 * Returns: (transfer full): what its file holds
 */
char *
iss_task_to_text (IssTask *self)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();

  g_return_val_if_fail (ISS_IS_TASK (self), NULL);

  g_key_file_set_string (file, GROUP, "kind", kinds[self->kind].name);
  if (*self->type != '\0')
    g_key_file_set_string (file, GROUP, "type", self->type);
  if (*self->certificate != '\0')
    g_key_file_set_string (file, GROUP, "certificate", self->certificate);
  if (*self->consumer != '\0')
    g_key_file_set_string (file, GROUP, "consumer", self->consumer);
  if (self->revision != 0)
    g_key_file_set_uint64 (file, GROUP, "revision", self->revision);
  set_instant (file, "due", self->due);
  g_key_file_set_string (file, GROUP, "state", states[self->state].name);
  g_key_file_set_uint64 (file, GROUP, "attempts", self->attempts);
  if (self->made)
    g_key_file_set_boolean (file, GROUP, "made", TRUE);
  set_instant (file, "last-try", self->last_try);
  set_instant (file, "next-try", self->next_try);
  if (*self->result != '\0')
    g_key_file_set_string (file, GROUP, "result", self->result);

  return g_key_file_to_data (file, NULL, NULL);
}

static IssTask *
refuse (const char  *member,
        GError     **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("The “%s” of a task is missing or damaged"), member);

  return NULL;
}

static gboolean
is_consumer (const char  *text,
             IssTaskKind  kind)
{
  return kind == ISS_TASK_RELOAD ? iss_consumer_is_name (text) : *text == '\0';
}

static gboolean
is_certificate (const char *text)
{
  return *text == '\0' || (strspn (text, "0123456789abcdef") == 2 * ISS_SHA256_SIZE &&
                           text[2 * ISS_SHA256_SIZE] == '\0');
}

/* The name of a type becomes part of that of a file. */
static gboolean
is_type (const char *text)
{
  return *text == '\0' || (strlen (text) <= 64 && text[strspn (text, G_CSET_A_2_Z G_CSET_a_2_z
                                                                     G_CSET_DIGITS)] == '\0');
}

/* From outside: what can be reckoned with. */
static gboolean
is_instant (gint64 instant)
{
  return instant >= 0 && instant <= LAST_INSTANT;
}

static gboolean
get_instant (GKeyFile   *file,
             const char *key,
             gint64     *out_instant)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, key, NULL);

  return text == NULL || iss_time_text_parse (text, out_instant, NULL);
}

/**
 * iss_task_new_from_text:
 * @text: what a task's file holds
 * @error: return location for %ISS_ERROR_MALFORMED
 *
 * Returns: (transfer full): the task, or %NULL with @error set
 */
IssTask *
iss_task_new_from_text (GBytes  *text,
                        GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(IssTask) self = NULL;
  g_autofree char *kind_name = NULL;
  g_autofree char *state_name = NULL;
  g_autofree char *type = NULL;
  g_autofree char *certificate = NULL;
  g_autofree char *consumer = NULL;
  g_autofree char *result = NULL;
  IssTaskKind kind;
  gint64 due = 0;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_key_file_load_from_bytes (file, text, G_KEY_FILE_NONE, NULL))
    return refuse ("file", error);

  kind_name = g_key_file_get_string (file, GROUP, "kind", NULL);
  if (kind_name == NULL || !iss_task_kind_parse (kind_name, &kind))
    return refuse ("kind", error);

  type = g_key_file_get_string (file, GROUP, "type", NULL);
  if (type != NULL && (*type == '\0' || !is_type (type)))
    return refuse ("type", error);

  certificate = g_key_file_get_string (file, GROUP, "certificate", NULL);
  if (certificate != NULL && !is_certificate (certificate))
    return refuse ("certificate", error);

  consumer = g_key_file_get_string (file, GROUP, "consumer", NULL);
  if (!is_consumer (consumer != NULL ? consumer : "", kind))
    return refuse ("consumer", error);

  if (!get_instant (file, "due", &due) || due == 0)
    return refuse ("due", error);

  self = iss_task_new (kind, type != NULL ? type : "", certificate != NULL ? certificate : "",
                       g_key_file_get_uint64 (file, GROUP, "revision", NULL), due);
  if (consumer != NULL)
    set_consumer (self, consumer);

  state_name = g_key_file_get_string (file, GROUP, "state", NULL);
  if (state_name == NULL || !iss_task_state_parse (state_name, &self->state))
    return refuse ("state", error);

  self->attempts = (guint) MIN (g_key_file_get_uint64 (file, GROUP, "attempts", NULL), G_MAXUINT);
  self->made = g_key_file_get_boolean (file, GROUP, "made", NULL);
  if (!get_instant (file, "last-try", &self->last_try))
    return refuse ("last-try", error);
  if (!get_instant (file, "next-try", &self->next_try))
    return refuse ("next-try", error);

  result = g_key_file_get_string (file, GROUP, "result", NULL);
  g_free (self->result);
  self->result = iss_text_sanitise (result != NULL ? result : "", -1, ISS_TASK_MAX_TEXT);

  return g_steal_pointer (&self);
}

/**
 * iss_task_to_variant:
 * @self: a task
 *
 * Returns: (transfer floating): an a{sv}, as GetTasks returns it
 */
GVariant *
iss_task_to_variant (IssTask *self)
{
  GVariantDict dict;

  g_return_val_if_fail (ISS_IS_TASK (self), NULL);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "kind", "s", kinds[self->kind].name);
  g_variant_dict_insert (&dict, "type", "s", self->type);
  g_variant_dict_insert (&dict, "certificate", "s", self->certificate);
  g_variant_dict_insert (&dict, "consumer", "s", self->consumer);
  g_variant_dict_insert (&dict, "revision", "t", self->revision);
  g_variant_dict_insert (&dict, "due", "x", self->due);
  g_variant_dict_insert (&dict, "state", "s", states[self->state].name);
  g_variant_dict_insert (&dict, "attempts", "u", self->attempts);
  g_variant_dict_insert (&dict, "last-try", "x", self->last_try);
  g_variant_dict_insert (&dict, "next-try", "x", self->next_try);
  g_variant_dict_insert (&dict, "result", "s", self->result);

  return g_variant_dict_end (&dict);
}

/**
 * iss_task_new_from_variant:
 * @variant: an a{sv} from outside
 * @error: return location for %ISS_ERROR_PROTOCOL
 *
 * Returns: (transfer full): the task, everything in it checked
 */
IssTask *
iss_task_new_from_variant (GVariant  *variant,
                           GError   **error)
{
  g_autoptr(IssTask) self = NULL;
  g_autofree char *result = NULL;
  const char *kind_name;
  const char *state_name;
  const char *type;
  const char *certificate;
  const char *consumer = "";
  guint64 revision;
  gint64 due;
  IssTaskKind kind;

  g_return_val_if_fail (g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT), NULL);

  g_variant_lookup (variant, "consumer", "&s", &consumer);
  if (g_variant_lookup (variant, "kind", "&s", &kind_name) &&
      iss_task_kind_parse (kind_name, &kind) && is_consumer (consumer, kind) &&
      g_variant_lookup (variant, "type", "&s", &type) && is_type (type) &&
      g_variant_lookup (variant, "certificate", "&s", &certificate) &&
      is_certificate (certificate) &&
      g_variant_lookup (variant, "revision", "t", &revision) &&
      g_variant_lookup (variant, "due", "x", &due) && is_instant (due))
    {
      self = iss_task_new (kind, type, certificate, revision, due);
      if (*consumer != '\0')
        set_consumer (self, consumer);

      if (g_variant_lookup (variant, "state", "&s", &state_name) &&
          iss_task_state_parse (state_name, &self->state) &&
          g_variant_lookup (variant, "attempts", "u", &self->attempts) &&
          g_variant_lookup (variant, "last-try", "x", &self->last_try) &&
          is_instant (self->last_try) &&
          g_variant_lookup (variant, "next-try", "x", &self->next_try) &&
          is_instant (self->next_try) &&
          g_variant_lookup (variant, "result", "s", &result))
        {
          g_free (self->result);
          self->result = iss_text_sanitise (result, -1, ISS_TASK_MAX_TEXT);
          return g_steal_pointer (&self);
        }
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_PROTOCOL,
                       _("The server's list of its tasks cannot be understood"));

  return NULL;
}
