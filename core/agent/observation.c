/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/observation-private.h"

#include "core/base/text.h"

G_DEFINE_FINAL_TYPE (IssObservation, iss_observation, G_TYPE_OBJECT)

static void
iss_observation_finalize (GObject *object)
{
  IssObservation *self = ISS_OBSERVATION (object);

  g_string_chunk_free (self->strings);
  g_array_unref (self->types);
  g_array_unref (self->certificates);
  g_hash_table_unref (self->by_sha256);
  g_hash_table_unref (self->readers);
  g_hash_table_unref (self->tokens);
  g_clear_pointer (&self->reloads, iss_observed_reloads_free);

  G_OBJECT_CLASS (iss_observation_parent_class)->finalize (object);
}

static void
iss_observation_class_init (IssObservationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_observation_finalize;
}

static void
iss_observation_init (IssObservation *self)
{
  self->strings = g_string_chunk_new (4096);
  self->types = g_array_new (FALSE, TRUE, sizeof (IssObservedType));
  self->certificates = g_array_new (FALSE, TRUE, sizeof (IssObservedCertificate));
  self->by_sha256 = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                           (GDestroyNotify) g_bytes_unref, NULL);
  self->readers = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                         (GDestroyNotify) g_bytes_unref, NULL);
  self->tokens = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                        (GDestroyNotify) g_bytes_unref,
                                        (GDestroyNotify) iss_token_check_free);
}

/* Of the observation, without what cannot be seen. */
const char *
iss_observation_keep_text (IssObservation *self,
                           const char     *text,
                           gsize           max_characters)
{
  g_autofree char *clean = iss_text_sanitise (text, -1, max_characters);

  return g_string_chunk_insert_const (self->strings, clean);
}

/* FALSE when it is there already. */
gboolean
iss_observation_add_certificate (IssObservation               *self,
                                 const IssObservedCertificate *certificate)
{
  g_array_append_vals (self->certificates, certificate, 1);

  return g_hash_table_insert (self->by_sha256,
                              g_bytes_new (certificate->sha256, ISS_SHA256_SIZE),
                              GUINT_TO_POINTER (self->certificates->len));
}

/* Who may read its key, by permissions. */
void
iss_observation_add_readers (IssObservation *self,
                             const guint8   *sha256,
                             const char     *readers)
{
  g_hash_table_insert (self->readers, g_bytes_new (sha256, ISS_SHA256_SIZE),
                       (gpointer) iss_observation_keep_text (self, readers,
                                                             ISS_OBSERVATION_MAX_TEXT));
}

/**
 * iss_observation_get_time:
 * @self: an observation
 *
 * Returns: when it was made, by the server's clock
 */
gint64
iss_observation_get_time (IssObservation *self)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), 0);

  return self->time;
}

/**
 * iss_observation_is_unattended:
 * @self: an observation
 *
 * Returns: whether no service there runs what is due, as far as the server says
 */
gboolean
iss_observation_is_unattended (IssObservation *self)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), FALSE);

  return self->unattended;
}

/**
 * iss_observation_get_reconcile_error:
 * @self: an observation
 *
 * Returns: (transfer none) (nullable): why what services read on the server was not made to
 *   agree with its assignments when the agent started, a sentence; %NULL when it does
 */
const char *
iss_observation_get_reconcile_error (IssObservation *self)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);

  return self->reconcile_error;
}

/**
 * iss_observation_set_reconcile_error:
 * @self: an observation that nobody else has seen yet
 * @message: (nullable): see iss_observation_get_reconcile_error(); may come from outside
 *
 * Adds what the agent knows and the folder does not show.
 */
void
iss_observation_set_reconcile_error (IssObservation *self,
                                     const char     *message)
{
  g_return_if_fail (ISS_IS_OBSERVATION (self));

  self->reconcile_error = message != NULL && *message != '\0'
    ? iss_observation_keep_text (self, message, ISS_OBSERVATION_MAX_SENTENCE) : NULL;
}

/**
 * iss_observation_get_n_types:
 * @self: an observation
 *
 * Returns: how many certificate types use something
 */
guint
iss_observation_get_n_types (IssObservation *self)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), 0);

  return self->types->len;
}

/**
 * iss_observation_get_type_at:
 * @self: an observation
 * @index: less than iss_observation_get_n_types()
 *
 * Returns: (transfer none): one type
 */
const IssObservedType *
iss_observation_get_type_at (IssObservation *self,
                             guint           index)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (index < self->types->len, NULL);

  return &g_array_index (self->types, IssObservedType, index);
}

/**
 * iss_observation_find_type:
 * @self: an observation
 * @type: the name of a certificate type
 *
 * Returns: (transfer none) (nullable): what it uses; %NULL when nothing
 */
const IssObservedType *
iss_observation_find_type (IssObservation *self,
                           const char     *type)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  for (guint i = 0; i < self->types->len; i++)
    {
      const IssObservedType *observed = &g_array_index (self->types, IssObservedType, i);

      if (g_ascii_strcasecmp (observed->type, type) == 0)
        return observed;
    }

  return NULL;
}

/**
 * iss_observation_get_n_certificates:
 * @self: an observation
 *
 * Returns: how many certificates were looked at
 */
guint
iss_observation_get_n_certificates (IssObservation *self)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), 0);

  return self->certificates->len;
}

/**
 * iss_observation_get_certificate:
 * @self: an observation
 * @index: less than iss_observation_get_n_certificates()
 *
 * Returns: (transfer none): one certificate
 */
const IssObservedCertificate *
iss_observation_get_certificate (IssObservation *self,
                                 guint           index)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (index < self->certificates->len, NULL);

  return &g_array_index (self->certificates, IssObservedCertificate, index);
}

/**
 * iss_observation_find_certificate:
 * @self: an observation
 * @sha256: 32 bytes
 *
 * Returns: (transfer none) (nullable): what was seen of it; %NULL when it was not looked at
 */
const IssObservedCertificate *
iss_observation_find_certificate (IssObservation *self,
                                  const guint8   *sha256)
{
  g_autoptr(GBytes) key = NULL;
  guint place;

  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  key = g_bytes_new_static (sha256, ISS_SHA256_SIZE);
  place = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_sha256, key));
  return place > 0 ? &g_array_index (self->certificates, IssObservedCertificate, place - 1)
                   : NULL;
}

/**
 * iss_observation_get_readers:
 * @self: an observation
 * @sha256: 32 bytes
 *
 * Returns: (transfer none) (nullable): accounts beside the owner that may read the certificate's
 *   key there, by permissions; %NULL: none, or it was not looked at
 */
const char *
iss_observation_get_readers (IssObservation *self,
                             const guint8   *sha256)
{
  g_autoptr(GBytes) key = NULL;

  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  key = g_bytes_new_static (sha256, ISS_SHA256_SIZE);
  return g_hash_table_lookup (self->readers, key);
}

/**
 * iss_observation_get_reloads:
 * @self: an observation
 *
 * Returns: (transfer none): how far the services are that root has configured there
 */
const IssObservedReloads *
iss_observation_get_reloads (IssObservation *self)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);

  return self->reloads;
}

/**
 * iss_observation_get_token:
 * @self: an observation
 * @sha256: 32 bytes
 *
 * Returns: (transfer none) (nullable): what is known of the certificate's private key there;
 *   %NULL if it is in no token, or was not looked at
 */
const IssTokenCheck *
iss_observation_get_token (IssObservation *self,
                           const guint8   *sha256)
{
  g_autoptr(GBytes) key = NULL;

  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  key = g_bytes_new_static (sha256, ISS_SHA256_SIZE);
  return g_hash_table_lookup (self->tokens, key);
}
