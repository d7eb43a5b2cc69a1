/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/enroller.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-replica.h"
#include "core/base/error.h"
#include "core/central/administration.h"
#include "core/pool/server-enroll.h"

/* Everything owned. */
typedef struct
{
  IssCentralStore *store;
  char            *pool;
  IssServer       *server;
  IssCertificate  *signer;
  IssPrivateKey   *signer_key;
  gint64           now;
  char            *accepted;         /* (nullable): a host key, or any */

  GBytes          *administrators;   /* (nullable) until they are known */
  IssCertificate  *recipient;        /* (nullable) until it has proved it */
  char            *server_id;
  char            *host_key;
  IssEnrolment    *enrolment;        /* (nullable) until it is written */
  IssEnrolmentDoubt *doubt;          /* (nullable): there is none */
} Enroll;

static void
enroll_free (gpointer data)
{
  Enroll *self = data;

  g_object_unref (self->store);
  g_free (self->pool);
  g_object_unref (self->server);
  g_object_unref (self->signer);
  g_object_unref (self->signer_key);
  g_clear_pointer (&self->administrators, g_bytes_unref);
  g_clear_object (&self->recipient);
  g_free (self->server_id);
  g_free (self->host_key);
  g_free (self->accepted);
  g_clear_pointer (&self->enrolment, iss_enrolment_free);
  g_clear_pointer (&self->doubt, iss_enrolment_doubt_free);
  g_free (self);
}

static gboolean
make_administrators (Enroll  *self,
                     GError **error)
{
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr(IssAdministrators) set = NULL;

  g_ptr_array_add (certificates, self->signer);
  set = iss_administrators_new (self->pool, 1, certificates);
  self->administrators = iss_administrators_sign (set, self->signer, self->signer_key, self->now,
                                                  error);

  return self->administrators != NULL &&
         iss_central_store_put_administrators (self->store, self->administrators, error);
}

static void
administrators_worker (GTask        *task,
                       gpointer      source_object,
                       gpointer      task_data,
                       GCancellable *cancellable)
{
  Enroll *self = task_data;
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) race = NULL;

  administrators = iss_central_store_get_administrators (self->store, self->pool,
                                                         &self->administrators, &error);

  /* Of several that are enrolled at once one makes the set, and the others find it. */
  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      if (!make_administrators (self, &error))
        {
          g_clear_pointer (&self->administrators, g_bytes_unref);
          administrators = iss_central_store_get_administrators (self->store, self->pool,
                                                                 &self->administrators, &race);
        }
    }

  if (administrators != NULL)
    {
      g_clear_error (&error);
      iss_administration_check_signer (administrators, self->signer, &error);
    }

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

/* As it is seen now. */
static IssEnrolment *
new_seen (Enroll *self,
          gint64  at)
{
  IssConnectionAddress *address = iss_server_get_address (self->server);

  return iss_enrolment_new (self->pool, iss_server_get_name (self->server), self->server_id,
                            self->recipient, iss_connection_address_get_uri (address),
                            self->host_key, at);
}

static gboolean
is_accepted (Enroll *self)
{
  return self->accepted != NULL && (g_str_equal (self->accepted, ISS_ENROLLER_ANY_KEY) ||
                                    g_str_equal (self->accepted, self->host_key));
}

static GError *
take_doubt (Enroll            *self,
            IssEnrolmentDoubt *doubt)
{
  g_autofree char *short_name = iss_server_dup_short_name (self->server);
  g_autofree char *text = iss_enrolment_doubt_dup_text (doubt);

  g_clear_pointer (&self->doubt, iss_enrolment_doubt_free);
  self->doubt = doubt;

  /* Translators: a server, what is wrong with it */
  return g_error_new (ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION, _("%s: %s"), short_name, text);
}

/* In @out_enrolment, (nullable), what is known of the server: no record is no error. One that
 * cannot be read is no reason to trust whoever answers; who is accepted replaces it. */
static gboolean
load_present (Enroll        *self,
              IssEnrolment **out_enrolment,
              GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(IssEnrolment) seen = NULL;

  *out_enrolment = iss_central_store_get_enrolment (self->store, self->pool,
                                                    iss_server_get_name (self->server),
                                                    &local_error);
  if (*out_enrolment != NULL || is_accepted (self) ||
      g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return TRUE;

  seen = new_seen (self, self->now);
  g_propagate_error (error, take_doubt (self, iss_enrolment_doubt_new_unreadable (
                                                local_error->message, seen)));

  return FALSE;
}

/* Another key than when it was enrolled first: said before anything is given to it. */
static void
judge_worker (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Enroll *self = task_data;
  g_autoptr(IssEnrolment) present = NULL;
  g_autoptr(IssEnrolment) seen = NULL;
  g_autoptr(GError) error = NULL;

  if (!load_present (self, &present, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (is_accepted (self) || present == NULL || *present->host_key == '\0' ||
      g_str_equal (present->host_key, self->host_key))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  seen = new_seen (self, self->now);
  g_task_return_error (task, take_doubt (self, iss_enrolment_doubt_new (present, seen)));
}

static void
write_worker (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Enroll *self = task_data;
  const char *name = iss_server_get_name (self->server);
  g_autoptr(IssEnrolment) present = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_same;

  if (!load_present (self, &present, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  is_same = present != NULL && g_str_equal (present->server_id, self->server_id) &&
            g_bytes_equal (iss_certificate_get_sha256 (present->recipient),
                           iss_certificate_get_sha256 (self->recipient));

  /* What is known already is not signed anew. */
  if (is_same && g_str_equal (present->host_key, self->host_key))
    {
      self->enrolment = g_steal_pointer (&present);
      g_task_return_boolean (task, TRUE);
      return;
    }

  /* What was sealed to the same recipient since it was enrolled first stays good. */
  self->enrolment = new_seen (self, is_same ? present->at : self->now);
  message = iss_enrolment_sign (self->enrolment, self->signer, self->signer_key, &error);
  if (message == NULL ||
      !iss_central_store_put_enrolment (self->store, self->pool, name, message, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Enroll *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&self->enrolment),
                           (GDestroyNotify) iss_enrolment_free);
}

static void
work (GTask               *task,
      GTaskThreadFunc      worker,
      GAsyncReadyCallback  callback)
{
  g_autoptr(GTask) part = g_task_new (NULL, g_task_get_cancellable (task), callback,
                                      g_object_ref (task));

  g_task_set_task_data (part, g_task_get_task_data (task), NULL);
  g_task_run_in_thread (part, worker);
}

static void
pinned_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Enroll *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReplicaState) state = iss_server_call_finish (self->server, result, &error);

  if (state == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    work (task, write_worker, written_cb);
}

static void
judged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Enroll *self = g_task_get_task_data (task);
  g_autoptr(IssAgentCall) call = NULL;
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  call = iss_agent_replica_new_pin_call (self->administrators);
  iss_server_call_async (self->server, call, g_task_get_cancellable (task), pinned_cb,
                         g_object_ref (task));
}

static void
enrolled_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Enroll *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  self->recipient = iss_server_enroll_finish (self->server, result, &self->server_id,
                                              &self->host_key, &error);
  if (self->recipient == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    work (task, judge_worker, judged_cb);
}

static void
administrators_known_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Enroll *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    iss_server_enroll_async (self->server, g_task_get_cancellable (task), enrolled_cb,
                             g_object_ref (task));
}

/**
 * iss_enroller_run_async:
 * @store: the central store
 * @pool: the name of a pool
 * @server: a server of it
 * @signer: the administrator
 * @signer_key: the private key of @signer
 * @now: seconds since 1970
 * @accepted: (nullable): the host key, as of an #IssEnrolmentDoubt, under which it is the server,
 *   although it was enrolled before under another; %ISS_ENROLLER_ANY_KEY: whatever it is
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is over
 * @user_data: data for @callback
 *
 * Enrolled once more, a server keeps its key and its record; one that was built anew, or is
 * reached under another host key, gets a new one.
 */
void
iss_enroller_run_async (IssCentralStore      *store,
                        const char           *pool,
                        IssServer            *server,
                        IssCertificate       *signer,
                        IssPrivateKey        *signer_key,
                        gint64                now,
                        const char           *accepted,
                        GCancellable         *cancellable,
                        GAsyncReadyCallback   callback,
                        gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  Enroll *self;

  g_return_if_fail (ISS_IS_CENTRAL_STORE (store));
  g_return_if_fail (pool != NULL);
  g_return_if_fail (ISS_IS_SERVER (server));
  g_return_if_fail (ISS_IS_CERTIFICATE (signer));
  g_return_if_fail (ISS_IS_PRIVATE_KEY (signer_key));

  self = g_new0 (Enroll, 1);
  self->store = g_object_ref (store);
  self->pool = g_strdup (pool);
  self->server = g_object_ref (server);
  self->signer = g_object_ref (signer);
  self->signer_key = g_object_ref (signer_key);
  self->now = now;
  self->accepted = g_strdup (accepted);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_task_data (task, self, enroll_free);
  work (task, administrators_worker, administrators_known_cb);
}

/**
 * iss_enroller_run_finish:
 * @result: what the callback got
 * @error: return location for an error, %ISS_ERROR_NEEDS_CONFIRMATION for another host key, see
 *   iss_enroller_get_doubt()
 *
 * Returns: (transfer full): what was seen and written down
 */
IssEnrolment *
iss_enroller_run_finish (GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * iss_enroller_get_doubt:
 * @result: what the callback got
 *
 * Returns: (transfer none) (nullable): what is to be confirmed; it lives as long as @result
 */
const IssEnrolmentDoubt *
iss_enroller_get_doubt (GAsyncResult *result)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return ((Enroll *) g_task_get_task_data (G_TASK (result)))->doubt;
}
