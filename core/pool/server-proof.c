/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server-proof.h"

#include "core/agent/agent-proof.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/pool/server-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Seconds by which a proof's time may differ from the server's clock as it was measured: the
 * nonce alone says that it is fresh, the time only has to fit. */
#define SLACK 5

typedef struct
{
  char      *type;        /* (nullable): only this one */
  GBytes    *sha256;      /* (nullable): only this certificate, assigned or not */
  GPtrArray *proofs;      /* (element-type IssServerProof) */
  guint      n_pending;
} Proving;

/* One that is under way. */
typedef struct
{
  GTask          *task;    /* owned */
  IssServerProof *proof;   /* of the task */
  GBytes         *nonce;   /* owned */
  gint64          sent_at;
} Trial;

static void
proving_free (gpointer data)
{
  Proving *self = data;

  g_free (self->type);
  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_clear_pointer (&self->proofs, g_ptr_array_unref);
  g_free (self);
}

static void
trial_free (Trial *self)
{
  g_object_unref (self->task);
  g_bytes_unref (self->nonce);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Trial, trial_free)

/**
 * iss_server_proof_free:
 * @self: (transfer full): a proof
 */
void
iss_server_proof_free (IssServerProof *self)
{
  g_free (self->type);
  g_bytes_unref (self->sha256);
  g_free (self->issued_to);
  g_free (self->failure);
  g_free (self->server_id);
  g_clear_pointer (&self->nonce, g_bytes_unref);
  g_clear_pointer (&self->answer, iss_proof_free);
  g_free (self);
}

static void
add_proof (IssServer  *server,
           Proving    *proving,
           const char *type,
           IssSlot     slot,
           GBytes     *sha256)
{
  IssObservation *observation = iss_server_get_observation (server);
  const IssObservedCertificate *seen =
    iss_observation_find_certificate (observation, g_bytes_get_data (sha256, NULL));
  IssServerProof *proof = g_new0 (IssServerProof, 1);

  proof->type = g_strdup (type);
  proof->slot = slot;
  proof->sha256 = g_bytes_ref (sha256);
  if (seen != NULL && *seen->issued_to != '\0')
    proof->issued_to = g_strdup (seen->issued_to);
  g_ptr_array_add (proving->proofs, proof);
}

/* The previous certificate only verifies: its key need not be there any more. */
static gboolean
needs_key (IssObservation        *observation,
           const IssObservedSlot *slot,
           IssSlot                which)
{
  const IssObservedCertificate *seen = iss_observation_find_certificate (observation,
                                                                        slot->sha256);

  return which != ISS_SLOT_PREVIOUS || (seen != NULL && seen->key_state != ISS_KEY_STATE_NONE);
}

static void
add_slots (IssServer *server,
           Proving   *proving)
{
  IssObservation *observation = iss_server_get_observation (server);

  for (guint i = 0; i < iss_observation_get_n_types (observation); i++)
    {
      const IssObservedType *type = iss_observation_get_type_at (observation, i);

      if (proving->type != NULL && g_ascii_strcasecmp (proving->type, type->type) != 0)
        continue;

      for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
        {
          const IssObservedSlot *observed = &type->slots[slot];
          g_autoptr(GBytes) sha256 = g_bytes_new (observed->sha256, ISS_SHA256_SIZE);

          if (observed->is_set && needs_key (observation, observed, (IssSlot) slot))
            add_proof (server, proving, type->type, (IssSlot) slot, sha256);
        }
    }
}

/* An error's sentence without the server's name, which stands beside it. */
static char *
dup_reason (IssServer    *server,
            const GError *error)
{
  g_autofree char *name = iss_server_dup_short_name (server);
  g_autofree char *prefix = g_strconcat (name, ": ", NULL);

  return g_strdup (g_str_has_prefix (error->message, prefix) ? error->message + strlen (prefix)
                                                             : error->message);
}

/* (nullable): why it is no proof */
static char *
dup_failure (IssServer *server,
             Trial     *trial,
             IssProof  *answer)
{
  const char *server_id = iss_server_get_server_id (server);
  gint64 now = iss_clock_now (iss_server_get_clock (server));
  gint64 offset = (gint64) floor (iss_server_get_clock_offset (server));
  g_autoptr(GError) error = NULL;

  if (server_id == NULL)
    return g_strdup (_("The connection was closed before the proof could be verified"));

  if (iss_proof_verify (answer, server_id, trial->proof->type, trial->proof->sha256,
                        trial->nonce, trial->sent_at + offset - SLACK, now + offset + SLACK,
                        &error))
    return NULL;

  return dup_reason (server, error);
}

static void
end_if_over (GTask *task)
{
  Proving *proving = g_task_get_task_data (task);

  if (proving->n_pending == 0)
    g_task_return_pointer (task, g_steal_pointer (&proving->proofs),
                           (GDestroyNotify) g_ptr_array_unref);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  IssServer *server = ISS_SERVER (object);
  g_autoptr(Trial) trial = user_data;
  Proving *proving = g_task_get_task_data (trial->task);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssProof) answer = iss_server_call_finish (server, result, &error);

  trial->proof->at = iss_clock_now (iss_server_get_clock (server));
  trial->proof->failure = answer != NULL ? dup_failure (server, trial, answer)
                                         : dup_reason (server, error);
  if (trial->proof->failure == NULL)
    {
      trial->proof->server_id = g_strdup (iss_server_get_server_id (server));
      trial->proof->nonce = g_bytes_ref (trial->nonce);
      trial->proof->answer = g_steal_pointer (&answer);
    }
  iss_server_set_proved (server, trial->proof->sha256, trial->proof->at, trial->proof->failure);
  proving->n_pending--;
  end_if_over (trial->task);
}

static gboolean
start_trial (GTask           *task,
             IssServerProof  *proof,
             GError         **error)
{
  IssServer *server = g_task_get_source_object (task);
  Proving *proving = g_task_get_task_data (task);
  g_autoptr(GBytes) nonce = iss_proof_new_nonce (error);
  g_autoptr(IssAgentCall) call = NULL;
  Trial *trial;

  if (nonce == NULL)
    return FALSE;

  call = iss_agent_proof_new_call (proof->type, proof->sha256, nonce);
  trial = g_new0 (Trial, 1);
  trial->task = g_object_ref (task);
  trial->proof = proof;
  trial->nonce = g_steal_pointer (&nonce);
  trial->sent_at = iss_clock_now (iss_server_get_clock (server));
  proving->n_pending++;
  iss_server_call_async (server, call, g_task_get_cancellable (task), answered_cb, trial);
  return TRUE;
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  IssServer *server = ISS_SERVER (object);
  g_autoptr(GTask) task = user_data;
  Proving *proving = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!iss_server_look_finish (server, result, &error))
    {
      iss_server_return_error (server, task, g_steal_pointer (&error));
      return;
    }

  if (proving->sha256 != NULL)
    add_proof (server, proving, "", ISS_SLOT_CURRENT, proving->sha256);
  else
    add_slots (server, proving);

  for (guint i = 0; i < proving->proofs->len; i++)
    {
      IssServerProof *proof = g_ptr_array_index (proving->proofs, i);

      if (!start_trial (task, proof, &error))
        {
          proof->failure = g_strdup (error->message);
          g_clear_error (&error);
        }
    }

  end_if_over (task);
}

/**
 * iss_server_prove_async:
 * @self: a server
 * @type: (nullable): only what this certificate type uses; %NULL: every type
 * @sha256: (nullable): instead of what is assigned, this certificate of its Personal store
 * @cancellable: (nullable): a cancellable
 * @callback: (nullable): called when it is over
 * @user_data: data for @callback
 *
 * Looks at the server, then has it prove that it holds the private keys of what its slots hold,
 * each with random bytes of its own, and verifies that with the certificate's public key. What
 * came of it is kept at the server, too: see #IssWitness.
 */
void
iss_server_prove_async (IssServer           *self,
                        const char          *type,
                        GBytes              *sha256,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GPtrArray) asked = NULL;
  GTask *task;
  Proving *proving;

  g_return_if_fail (ISS_IS_SERVER (self));
  g_return_if_fail (type == NULL || sha256 == NULL);

  proving = g_new0 (Proving, 1);
  proving->type = g_strdup (type);
  proving->proofs = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_server_proof_free);
  if (sha256 != NULL)
    {
      proving->sha256 = g_bytes_ref (sha256);
      asked = g_ptr_array_new ();
      g_ptr_array_add (asked, sha256);
    }

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_server_prove_async);
  g_task_set_task_data (task, proving, proving_free);
  iss_server_look_async (self, asked, cancellable, looked_cb, task);
}

/**
 * iss_server_prove_finish:
 * @self: a server
 * @result: the result given to the callback
 * @error: return location for an error, which names the server: it could not be looked at
 *
 * Returns: (transfer full) (element-type IssServerProof): what came of each
 */
GPtrArray *
iss_server_prove_finish (IssServer     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
