/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-assign.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/agent/agent-writer.h"
#include "core/assignment/assignments.h"
#include "core/assignment/publication.h"
#include "core/assignment/trust.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"

#define MAX_WANTED 64
#define MAX_SIP_DOMAINS 256
#define MAX_NAME 255

typedef struct
{
  const IssCertificateType *type;
  char                     *sha256_hex;   /* owned */
} Wanted;

typedef struct
{
  /* Owned */
  IssRootFolder *root;
  char          *who;
  char          *server_name;
  char         **sip_domains;
  GArray        *wanted;        /* Wanted; of a removal one, without certificate */

  gboolean       removal;
  IssSlot        slot;          /* of a removal */
  gboolean       force;
  gboolean       what_if;
  gint64         now;
} Job;

static void
wanted_clear (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->sha256_hex);
}

static void
job_free (Job *job)
{
  g_object_unref (job->root);
  g_free (job->who);
  g_free (job->server_name);
  g_strfreev (job->sip_domains);
  g_array_unref (job->wanted);
  g_free (job);
}

static Job *
job_new (const IssAgentAssign *assign)
{
  Job *job = g_new0 (Job, 1);

  job->root = g_object_ref (assign->root);
  job->who = g_strdup (assign->who);
  job->now = assign->now;
  job->force = iss_agent_wire_get_boolean (assign->options, "force");
  job->what_if = iss_agent_wire_get_boolean (assign->options, "what-if");
  job->wanted = g_array_new (FALSE, TRUE, sizeof (Wanted));
  g_array_set_clear_func (job->wanted, wanted_clear);
  return job;
}

static gboolean
read_wanted (Job       *job,
             GVariant  *wanted,
             GError   **error)
{
  gsize n = g_variant_n_children (wanted);

  if (n == 0 || n > MAX_WANTED)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("One to %d certificate types can be assigned at once"), MAX_WANTED);
      return FALSE;
    }

  for (gsize i = 0; i < n; i++)
    {
      const char *name;
      g_autoptr(GVariant) hash = NULL;
      Wanted one;

      g_variant_get_child (wanted, i, "(&s@ay)", &name, &hash);
      one.type = iss_certificate_type_parse (name, error);
      if (one.type == NULL)
        return FALSE;

      for (guint k = 0; k < job->wanted->len; k++)
        {
          if (g_array_index (job->wanted, Wanted, k).type == one.type)
            {
              g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("%s is named twice"), one.type->name);
              return FALSE;
            }
        }

      if (g_variant_get_size (hash) != ISS_SHA256_SIZE)
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                               _("A certificate is named by the 32 bytes of its SHA-256"));
          return FALSE;
        }

      one.sha256_hex = iss_text_hex (g_variant_get_data (hash), ISS_SHA256_SIZE, FALSE);
      g_array_append_val (job->wanted, one);
    }

  return TRUE;
}

/**
 * iss_agent_assign_read_names:
 * @options: an a{sv} from outside
 * @out_server_name: (out) (transfer full): the server's name; "" when not told
 * @out_sip_domains: (out) (transfer full): the pool's SIP domains
 * @error: return location for an error
 *
 * Returns: whether they are names
 */
gboolean
iss_agent_assign_read_names (GVariant   *options,
                             char      **out_server_name,
                             char     ***out_sip_domains,
                             GError    **error)
{
  g_auto(GStrv) domains = NULL;

  g_return_val_if_fail (options != NULL, FALSE);

  if (!g_variant_lookup (options, "sip-domains", "^as", &domains))
    domains = g_new0 (char *, 1);

  if (g_strv_length (domains) > MAX_SIP_DOMAINS)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("A pool has at most %d SIP domains"), MAX_SIP_DOMAINS);
      return FALSE;
    }

  for (guint i = 0; domains[i] != NULL; i++)
    {
      if (!iss_text_is_clean (domains[i], MAX_NAME))
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                               _("One of the SIP domains is not the name of a domain"));
          return FALSE;
        }
    }

  *out_server_name = iss_agent_wire_dup_text (options, "server-name", MAX_NAME);
  *out_sip_domains = g_steal_pointer (&domains);
  return TRUE;
}

static void
collect_texts (GString            *texts,
               GPtrArray          *findings,
               IssFindingSeverity  severity)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = findings->pdata[i];

      /* What two types say alike is said once. */
      if (finding->severity != severity || strstr (texts->str, finding->text) != NULL)
        continue;

      if (texts->len > 0)
        g_string_append (texts, "; ");
      g_string_append (texts, finding->text);
    }
}

/* Until when the certificate in the slot is good; 0 when it is not there. */
static gint64
get_slot_not_after (Job            *job,
                    IssAssignments *assignments,
                    const Wanted   *wanted,
                    IssSlot         slot)
{
  const IssAssignment *assignment = iss_assignments_find (assignments, wanted->type);
  g_autoptr(IssCertificate) certificate = NULL;

  if (assignment == NULL || assignment->slot[slot] == NULL)
    return 0;

  certificate = iss_certificate_store_get (job->root, ISS_STORE_MY, assignment->slot[slot], NULL);
  return certificate != NULL ? iss_certificate_get_not_after (certificate) : 0;
}

/* A second change before the tokens of the first are gone. */
static void
collect_dropped (Job            *job,
                 IssAssignments *assignments,
                 const Wanted   *wanted,
                 GString        *warnings)
{
  gint64 not_after = get_slot_not_after (job, assignments, wanted, ISS_SLOT_PREVIOUS);
  g_autoptr(GError) warning = NULL;

  if (!iss_assignments_check_set (assignments, wanted->type, wanted->sha256_hex, job->now,
                                  not_after, &warning))
    g_string_append_printf (warnings, "%s%s", warnings->len > 0 ? "; " : "", warning->message);
}

static gboolean
judge (Job             *job,
       IssAssignments  *assignments,
       GError         **error)
{
  g_autoptr(GString) errors = g_string_new (NULL);
  g_autoptr(GString) warnings = g_string_new (NULL);

  for (guint i = 0; i < job->wanted->len; i++)
    {
      const Wanted *wanted = &g_array_index (job->wanted, Wanted, i);
      g_autoptr(GPtrArray) findings = NULL;

      findings = iss_trust_judge (job->root, wanted->type, wanted->sha256_hex, job->server_name,
                                  (const char *const *) job->sip_domains, job->now, error);
      if (findings == NULL)
        return FALSE;

      collect_texts (errors, findings, ISS_FINDING_ERROR);
      collect_texts (warnings, findings, ISS_FINDING_WARNING);
      collect_dropped (job, assignments, wanted, warnings);
    }

  if (errors->len > 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED, errors->str);
      return FALSE;
    }

  if (warnings->len > 0 && !job->force)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION, warnings->str);
      return FALSE;
    }

  return TRUE;
}

/* Changes memory only; the names of the types that changed, or NULL. */
static GPtrArray *
apply (Job             *job,
       IssAssignments  *assignments,
       GError         **error)
{
  g_autoptr(GPtrArray) changed = g_ptr_array_new ();

  for (guint i = 0; i < job->wanted->len; i++)
    {
      const Wanted *wanted = &g_array_index (job->wanted, Wanted, i);
      gboolean is_changed = TRUE;

      if (job->removal)
        {
          if (!iss_assignments_remove (assignments, wanted->type, job->slot, job->now,
                                       get_slot_not_after (job, assignments, wanted,
                                                           job->slot),
                                       job->force, error))
            return NULL;
        }
      else if (!iss_assignments_set (assignments, wanted->type, wanted->sha256_hex, job->now,
                                     &is_changed, error))
        {
          return NULL;
        }

      if (is_changed)
        g_ptr_array_add (changed, (gpointer) wanted->type->name);
    }

  return g_steal_pointer (&changed);
}

static gboolean
append_audit (Job        *job,
              GPtrArray  *changed,
              GError    **error)
{
  g_autoptr(GPtrArray) details = g_ptr_array_new ();

  for (guint i = 0; i < job->wanted->len; i++)
    {
      const Wanted *wanted = &g_array_index (job->wanted, Wanted, i);

      if (!g_ptr_array_find (changed, wanted->type->name, NULL))
        continue;

      g_ptr_array_add (details, (gpointer) wanted->type->name);
      g_ptr_array_add (details, (gpointer) (job->removal ? iss_slot_get_name (job->slot)
                                                         : wanted->sha256_hex));
    }

  if (job->force)
    {
      g_ptr_array_add (details, (gpointer) "force");
      g_ptr_array_add (details, (gpointer) "yes");
    }
  g_ptr_array_add (details, NULL);

  return iss_audit_append (job->root, job->now, job->who,
                           job->removal ? "remove-assignment" : "set-assignment",
                           (const char *const *) details->pdata, error);
}

static GVariant *
new_outcome (Job        *job,
             GPtrArray  *changed,
             GError     *publish_error)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "changed",
                               g_variant_new_strv ((const char *const *) changed->pdata,
                                                   changed->len));
  g_variant_dict_insert (&dict, "published", "b", !job->what_if && publish_error == NULL);
  if (publish_error != NULL)
    g_variant_dict_insert (&dict, "publish-error", "s", publish_error->message);

  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* In a thread, under the lock unless it is only asked what would be. */
static gpointer
change_assignments (IssRootFolder  *root,
                    GCancellable   *cancellable,
                    gpointer        user_data,
                    GError        **error)
{
  Job *job = user_data;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (root, error);
  g_autoptr(GPtrArray) changed = NULL;
  g_autoptr(GError) publish_error = NULL;

  if (assignments == NULL || (!job->removal && !judge (job, assignments, error)))
    return NULL;

  changed = apply (job, assignments, error);
  if (changed == NULL)
    return NULL;

  if (job->what_if)
    return new_outcome (job, changed, NULL);

  if (changed->len > 0)
    {
      if (!iss_assignments_save (assignments, root, error))
        return NULL;

      if (!append_audit (job, changed, error))
        {
          g_prefix_error (error, _("The assignment was changed, but the audit log was not "
                                   "written: "));
          return NULL;
        }
    }

  iss_publication_reconcile (root, job->now, &publish_error);
  return new_outcome (job, changed, publish_error);
}

static void
rehearse_worker (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr(GError) error = NULL;
  GVariant *outcome = change_assignments (job->root, cancellable, job, &error);

  if (outcome != NULL)
    g_task_return_pointer (task, outcome, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
changed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  GVariant *outcome = iss_agent_writer_run_finish (result, &error);

  if (outcome != NULL)
    g_task_return_pointer (task, outcome, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
run (GTask *task,
     Job   *job)
{
  if (job->what_if)
    {
      g_task_set_task_data (task, job, (GDestroyNotify) job_free);
      g_task_run_in_thread (task, rehearse_worker);
      return;
    }

  iss_agent_writer_run_async (job->root, job->who, job->now, 0, change_assignments,
                              job, (GDestroyNotify) job_free,
                              (GDestroyNotify) g_variant_unref, NULL,
                              changed_cb, g_object_ref (task));
}

/**
 * iss_agent_assign_set_async:
 * @assign: the call; nothing of it is needed after this returns
 * @wanted: a(say): types and the SHA-256 of what each shall use
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Makes the certificates current for their types, all or none. Fails with %ISS_ERROR_REFUSED
 * when one does not suit, %ISS_ERROR_NEEDS_CONFIRMATION when it might not and "force" is not
 * given. The audit log has it before @callback runs.
 */
void
iss_agent_assign_set_async (const IssAgentAssign *assign,
                            GVariant             *wanted,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  Job *job;

  g_return_if_fail (assign != NULL);
  g_return_if_fail (g_variant_is_of_type (wanted, G_VARIANT_TYPE ("a(say)")));

  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, iss_agent_assign_set_async);

  job = job_new (assign);
  if (!read_wanted (job, wanted, &error) ||
      !iss_agent_assign_read_names (assign->options, &job->server_name, &job->sip_domains,
                                    &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      job_free (job);
      return;
    }

  run (task, job);
}

/**
 * iss_agent_assign_remove_async:
 * @assign: the call; nothing of it is needed after this returns
 * @type: the name of a certificate type
 * @slot: the name of a slot
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Empties one slot; the certificate stays in its store.
 */
void
iss_agent_assign_remove_async (const IssAgentAssign *assign,
                               const char           *type,
                               const char           *slot,
                               GAsyncReadyCallback   callback,
                               gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  Wanted wanted = { NULL };
  Job *job;

  g_return_if_fail (assign != NULL);

  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, iss_agent_assign_set_async);

  job = job_new (assign);
  job->removal = TRUE;
  wanted.type = iss_certificate_type_parse (type, &error);
  if (wanted.type == NULL || !iss_slot_parse (slot, &job->slot, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      job_free (job);
      return;
    }

  g_array_append_val (job->wanted, wanted);
  run (task, job);
}

/**
 * iss_agent_assign_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): the outcome, an a{sv}
 */
GVariant *
iss_agent_assign_finish (GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_agent_assign_set_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
