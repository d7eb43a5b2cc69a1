/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-assign.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/pool/presence-seen.h"

#include <glib/gi18n-lib.h>

/* What is done on each server. Everything in the request is owned, but for the server's name. */
typedef struct
{
  IssAssignRequest request;
  GPtrArray *unattended;   /* IssServer */
} Assign;

static void
assign_free (gpointer data)
{
  Assign *self = data;
  IssAssignRequest *request = &self->request;

  for (guint i = 0; request->sha256 != NULL && request->types[i] != NULL; i++)
    g_bytes_unref (request->sha256[i]);
  g_free ((gpointer) request->sha256);
  g_strfreev ((char **) request->types);
  g_strfreev ((char **) request->sip_domains);
  g_free ((char *) request->typed);
  g_free ((char *) request->zone);
  g_clear_pointer (&request->compromised, g_bytes_unref);
  g_ptr_array_unref (self->unattended);
  g_free (self);
}

static void
start (IssServer           *server,
       gpointer             job_data,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  Assign *self = job_data;
  g_autoptr(IssAgentCall) call = NULL;
  IssAssignRequest request = self->request;

  request.server_name = iss_server_get_name (server);
  call = iss_agent_assign_call (&request);
  iss_server_call_async (server, call, cancellable, callback, user_data);
}

static const char *
get_done_text (IssTransitionKind kind,
               gboolean          what_if)
{
  switch (kind)
    {
    case ISS_TRANSITION_SET:
      return what_if ? _("would be assigned") : _("assigned");
    case ISS_TRANSITION_STAGE:
      return what_if ? _("would be staged") : _("staged");
    case ISS_TRANSITION_ARM:
      return what_if ? _("would be armed") : _("armed");
    case ISS_TRANSITION_POSTPONE:
      return what_if ? _("would be postponed") : _("postponed");
    case ISS_TRANSITION_CANCEL:
      return what_if ? _("would be cancelled") : _("cancelled");
    case ISS_TRANSITION_SWAP_BACK:
      return what_if ? _("would be swapped back") : _("swapped back");
    case ISS_TRANSITION_REPLACE:
      return what_if ? _("would be replaced") : _("replaced; the compromised one is untrusted");
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      return what_if ? _("would be removed") : _("removed");
    case ISS_TRANSITION_ROLL:
    case ISS_N_TRANSITIONS:
      break;
    }

  return "";
}

static const char *
get_unchanged_text (IssTransitionKind kind)
{
  switch (kind)
    {
    case ISS_TRANSITION_SET:
      return _("assigned already");
    case ISS_TRANSITION_STAGE:
      return _("staged already");
    case ISS_TRANSITION_ARM:
      return _("armed already");
    case ISS_TRANSITION_POSTPONE:
      return _("staged for then already");
    case ISS_TRANSITION_CANCEL:
    case ISS_TRANSITION_SWAP_BACK:
    case ISS_TRANSITION_REPLACE:
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      return _("nothing was assigned");
    case ISS_TRANSITION_ROLL:
    case ISS_N_TRANSITIONS:
      break;
    }

  return "";
}

/* Of a removal, what is published then is what is left, if anything. */
static gboolean
is_removal (IssTransitionKind kind)
{
  return kind == ISS_TRANSITION_REMOVE_CURRENT || kind == ISS_TRANSITION_REMOVE_PREVIOUS ||
         kind == ISS_TRANSITION_CANCEL;
}

/* What was done, and what else there is to say of the publication. */
static char *
dup_text (const IssChangeOutcome *outcome,
          IssTransitionKind       kind,
          gboolean                what_if)
{
  const gboolean is_changed = outcome->changed[0] != NULL;
  const char *done = is_changed ? get_done_text (kind, what_if) : get_unchanged_text (kind);

  if (what_if)
    return g_strdup (done);

  if (outcome->publish_error != NULL)
    /* Translators: "assigned", and an error */
    return g_strdup_printf (_("%s, not published: %s"), done, outcome->publish_error);
  if (!is_changed || (is_removal (kind) && outcome->published))
    return g_strdup (done);
  if (!outcome->published)
    return g_strdup_printf (_("%s, not published"), done);

  return g_strdup_printf (_("%s, published"), done);
}

static char *
finish (IssServer     *server,
        gpointer       job_data,
        GAsyncResult  *result,
        GError       **error)
{
  Assign *self = job_data;
  g_autoptr(IssChangeOutcome) outcome = iss_server_call_finish (server, result, error);
  g_autofree char *text = NULL;

  if (outcome == NULL)
    return NULL;

  if (outcome->unattended)
    g_ptr_array_add (self->unattended, g_object_ref (server));
  text = dup_text (outcome, self->request.kind, self->request.what_if);

  /* Translators: "staged, published", and a sentence that is worth knowing */
  return outcome->notes[0] != '\0' ? g_strdup_printf (_("%s. %s"), text, outcome->notes)
                                   : g_steal_pointer (&text);
}

/**
 * iss_pool_assign_new_change:
 * @pool: the pool, whose SIP domains a certificate is judged by
 * @servers: (element-type IssServer): where
 * @request: what to change; its server's name and SIP domains are filled in
 *
 * Returns: (transfer full): a job that makes the change on each server, there all or none
 */
IssJob *
iss_pool_assign_new_change (IssPool                *pool,
                            GPtrArray              *servers,
                            const IssAssignRequest *request)
{
  Assign *self;
  guint n;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (servers != NULL, NULL);
  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (request->types != NULL && request->types[0] != NULL, NULL);

  n = g_strv_length ((char **) request->types);
  self = g_new0 (Assign, 1);
  self->unattended = g_ptr_array_new_with_free_func (g_object_unref);
  self->request = *request;
  self->request.types = (const char *const *) g_strdupv ((char **) request->types);
  self->request.sip_domains =
    (const char *const *) g_strdupv ((char **) iss_pool_get_sip_domains (pool));
  self->request.typed = g_strdup (request->typed);
  self->request.zone = g_strdup (request->zone);
  self->request.compromised = request->compromised != NULL ? g_bytes_ref (request->compromised)
                                                           : NULL;
  if (request->sha256 != NULL)
    {
      GBytes **sha256 = g_new0 (GBytes *, n + 1);

      for (guint i = 0; i < n; i++)
        sha256[i] = g_bytes_ref (request->sha256[i]);
      self->request.sha256 = sha256;
    }

  return iss_job_new (servers, start, finish, self, assign_free);
}

/**
 * iss_pool_assign_new:
 * @pool: the pool, whose SIP domains the certificate is judged by
 * @servers: (element-type IssServer): where
 * @types: names of certificate types
 * @sha256: the certificate
 * @force: pass warnings
 * @what_if: only say what would be done
 *
 * Returns: (transfer full): a job that makes the certificate current for all
 *   the types at once on each server
 */
IssJob *
iss_pool_assign_new (IssPool           *pool,
                     GPtrArray         *servers,
                     const char *const *types,
                     GBytes            *sha256,
                     gboolean           force,
                     gboolean           what_if)
{
  IssAssignRequest request = { .kind = ISS_TRANSITION_SET };
  g_autofree GBytes **each = NULL;

  g_return_val_if_fail (types != NULL && types[0] != NULL, NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  each = g_new (GBytes *, g_strv_length ((char **) types));
  for (guint i = 0; types[i] != NULL; i++)
    each[i] = sha256;

  request.types = types;
  request.sha256 = each;
  request.force = force;
  request.what_if = what_if;

  return iss_pool_assign_new_change (pool, servers, &request);
}

/**
 * iss_pool_assign_new_remove:
 * @pool: the pool
 * @servers: (element-type IssServer): where
 * @type: name of a certificate type
 * @slot: the slot to empty; of the staged one that cancels the roll
 * @force: pass warnings
 * @what_if: only say what would be done
 *
 * Returns: (transfer full): a job that empties a slot on each server; no
 *   certificate is deleted
 */
IssJob *
iss_pool_assign_new_remove (IssPool    *pool,
                            GPtrArray  *servers,
                            const char *type,
                            IssSlot     slot,
                            gboolean    force,
                            gboolean    what_if)
{
  static const IssTransitionKind kinds[] =
    {
      [ISS_SLOT_CURRENT]  = ISS_TRANSITION_REMOVE_CURRENT,
      [ISS_SLOT_PREVIOUS] = ISS_TRANSITION_REMOVE_PREVIOUS,
      [ISS_SLOT_STAGED]   = ISS_TRANSITION_CANCEL,
    };
  const char *const types[] = { type, NULL };
  IssAssignRequest request = { .types = types, .force = force, .what_if = what_if };

  g_return_val_if_fail (type != NULL, NULL);
  g_return_val_if_fail ((guint) slot < ISS_N_SLOTS, NULL);

  request.kind = kinds[slot];

  return iss_pool_assign_new_change (pool, servers, &request);
}

static gboolean
covers (IssJob    *job,
        IssServer *server)
{
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    if (iss_job_entry_get_server (iss_job_get_entry (job, i)) == server)
      return TRUE;

  return FALSE;
}

/* Whether the job was for the whole pool and nobody who answers said no. */
static gboolean
is_decision_of_pool (IssPool *pool,
                     IssJob  *job)
{
  guint n_done = 0;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    if (!covers (job, iss_pool_get_server (pool, i)))
      return FALSE;

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);

      if (iss_job_entry_get_state (entry) == ISS_JOB_DONE)
        n_done++;
      else if (iss_job_entry_get_state (entry) != ISS_JOB_FAILED ||
               !g_error_matches (iss_job_entry_get_error (entry), ISS_ERROR,
                                 ISS_ERROR_UNREACHABLE))
        return FALSE;
    }

  return n_done > 0;
}

/* (transfer full) (nullable): what all servers that show one have staged, and for when */
static char *
dup_staged (IssPool    *pool,
            const char *type,
            gint64     *out_instant)
{
  const IssObservedSlot *staged = iss_presence_seen_common (pool, type, ISS_SLOT_STAGED, 0);

  if (staged == NULL)
    return NULL;

  *out_instant = staged->instant;
  return iss_text_hex (staged->sha256, ISS_SHA256_SIZE, FALSE);
}

static gboolean
record_current (IssWorkspace  *workspace,
                IssPool       *pool,
                const char    *type,
                const char    *sha256_hex,
                gboolean       keeps_previous,
                const char    *by,
                GError       **error)
{
  const IssAgreed *before = iss_pool_get_agreed (pool, type);

  if (before != NULL && before->next_sha256_hex == NULL &&
      (keeps_previous || before->previous_sha256_hex == NULL) &&
      g_strcmp0 (before->sha256_hex, sha256_hex) == 0)
    return TRUE;

  return iss_workspace_set_agreed (workspace, pool, type, sha256_hex, keeps_previous, by, error);
}

/* What the change makes of what the pool agrees on for one type. */
static gboolean
record_type (IssWorkspace            *workspace,
             IssPool                 *pool,
             const IssAssignRequest  *request,
             guint                    index,
             const char              *by,
             gboolean                *out_agreed,
             GError                 **error)
{
  const char *type = request->types[index];
  const IssAgreed *before = iss_pool_get_agreed (pool, type);
  g_autofree char *hex = NULL;
  gint64 instant = request->instant;

  if (request->sha256 != NULL)
    hex = iss_text_hex (g_bytes_get_data (request->sha256[index], NULL), ISS_SHA256_SIZE, FALSE);

  switch (request->kind)
    {
    case ISS_TRANSITION_SET:
    case ISS_TRANSITION_REPLACE:
      *out_agreed = TRUE;
      return record_current (workspace, pool, type, hex,
                             request->kind != ISS_TRANSITION_REPLACE, by, error);

    case ISS_TRANSITION_SWAP_BACK:
      if (before == NULL || before->previous_sha256_hex == NULL)
        return TRUE;
      *out_agreed = TRUE;
      hex = g_strdup (before->previous_sha256_hex);
      return record_current (workspace, pool, type, hex, TRUE, by, error);

    case ISS_TRANSITION_STAGE:
      /* What is held may never roll. */
      return iss_workspace_set_agreed_next (workspace, pool, type, request->held ? NULL : hex, by,
                                            instant, error);

    case ISS_TRANSITION_ARM:
      hex = dup_staged (pool, type, &instant);
      return hex == NULL ||
             iss_workspace_set_agreed_next (workspace, pool, type, hex, by, instant, error);

    case ISS_TRANSITION_POSTPONE:
      if (before == NULL || before->next_sha256_hex == NULL)
        return TRUE;
      hex = g_strdup (before->next_sha256_hex);
      return iss_workspace_set_agreed_next (workspace, pool, type, hex, by, instant, error);

    case ISS_TRANSITION_CANCEL:
      return iss_workspace_set_agreed_next (workspace, pool, type, NULL, by, 0, error);

    case ISS_TRANSITION_ROLL:
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
    case ISS_N_TRANSITIONS:
      break;
    }

  return TRUE;
}

/**
 * iss_pool_assign_dup_unattended:
 * @job: a job of this file
 *
 * Returns: (transfer full) (element-type IssServer): where it was done, and has an instant at which
 *   nothing will run it, in the order of the job
 */
GPtrArray *
iss_pool_assign_dup_unattended (IssJob *job)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func (g_object_unref);
  Assign *self;

  g_return_val_if_fail (ISS_IS_JOB (job), servers);

  self = iss_job_get_data (job);
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssServer *server = iss_job_entry_get_server (iss_job_get_entry (job, i));

      if (g_ptr_array_find (self->unattended, server, NULL))
        g_ptr_array_add (servers, g_object_ref (server));
    }

  return servers;
}

/**
 * iss_pool_assign_record:
 * @workspace: where @pool belongs to
 * @pool: the pool
 * @job: a job of iss_pool_assign_new_change() and its sisters that is over
 * @by: who assigned
 * @out_agreed: (out) (optional): whether what the pool uses now is what is agreed now
 * @error: return location for an error
 *
 * Records what was assigned as what the pool agrees on, for each of the types
 * that are pool-wide, if the job covered every server and each did it; and what a roll of the
 * whole pool, once nothing holds it, will make of that. A server
 * that could not be reached does not change what the administrator decided: if
 * at least one did it and no other failed for another reason, it is recorded,
 * and presence shows what is missing. A removal and a what-if record nothing.
 *
 * Returns: whether what was to be recorded is
 */
gboolean
iss_pool_assign_record (IssWorkspace  *workspace,
                        IssPool       *pool,
                        IssJob        *job,
                        const char    *by,
                        gboolean      *out_agreed,
                        GError       **error)
{
  const IssAssignRequest *request;
  gboolean agreed = FALSE;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace), FALSE);
  g_return_val_if_fail (ISS_IS_POOL (pool), FALSE);
  g_return_val_if_fail (ISS_IS_JOB (job), FALSE);
  g_return_val_if_fail (by != NULL, FALSE);

  request = &((Assign *) iss_job_get_data (job))->request;

  if (!request->what_if && is_decision_of_pool (pool, job))
    for (guint i = 0; request->types[i] != NULL; i++)
      {
        const IssCertificateType *type = iss_certificate_type_find (request->types[i]);

        if (type != NULL && type->pool_wide &&
            !record_type (workspace, pool, request, i, by, &agreed, error))
          return FALSE;
      }

  if (out_agreed != NULL)
    *out_agreed = agreed;

  return TRUE;
}
