/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/administrators.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/signed-data.h"

/* The first bytes of what is signed: an administrator's key signs other things, too. */
#define TITLE "issuant administrators 1"

/* title, pool, version, certificates in the order of their SHA-256 */
#define CONTENT_TYPE "(sstaay)"

#define MAX_NAME 255
#define MAX_CERTIFICATE (16 * 1024)

static int
compare_certificates (gconstpointer a,
                      gconstpointer b)
{
  IssCertificate *one = *(IssCertificate *const *) a;
  IssCertificate *other = *(IssCertificate *const *) b;

  return g_bytes_compare (iss_certificate_get_sha256 (one), iss_certificate_get_sha256 (other));
}

/**
 * iss_administrators_new:
 * @pool: a pool
 * @version: counts the sets of that pool, from 1
 * @certificates: (element-type IssCertificate): who is one, in any order
 *
 * Returns: (transfer full): the set
 */
IssAdministrators *
iss_administrators_new (const char *pool,
                        guint64     version,
                        GPtrArray  *certificates)
{
  IssAdministrators *self;

  g_return_val_if_fail (pool != NULL, NULL);
  g_return_val_if_fail (certificates != NULL, NULL);

  self = g_new0 (IssAdministrators, 1);
  self->pool = g_strdup (pool);
  self->version = version;
  self->certificates = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < certificates->len; i++)
    g_ptr_array_add (self->certificates, g_object_ref (certificates->pdata[i]));
  g_ptr_array_sort (self->certificates, compare_certificates);

  return self;
}

/**
 * iss_administrators_free:
 * @self: (transfer full): a set
 */
void
iss_administrators_free (IssAdministrators *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->pool);
  g_ptr_array_unref (self->certificates);
  g_free (self);
}

static GBytes *
encode (const IssAdministrators *self)
{
  GVariantBuilder certificates;
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) content = NULL;

  g_variant_builder_init (&certificates, G_VARIANT_TYPE ("aay"));
  for (guint i = 0; i < self->certificates->len; i++)
    {
      GBytes *der = iss_certificate_get_der (self->certificates->pdata[i]);

      g_variant_builder_add_value (&certificates,
                                   g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, der,
                                                             TRUE));
    }

  native = g_variant_ref_sink (g_variant_new (CONTENT_TYPE, TITLE, self->pool, self->version,
                                              &certificates));
  content = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (native)
                                            : g_variant_byteswap (native);

  return g_variant_get_data_as_bytes (content);
}

/**
 * iss_administrators_sign:
 * @self: the new set
 * @signer: an administrator of the set before, or of this one if it is the first
 * @signer_key: the private key of @signer
 * @now: seconds since 1970
 * @error: return location for an error, as of iss_signed_data_sign()
 *
 * Returns: (transfer full): the change, to be sent to each server
 */
GBytes *
iss_administrators_sign (const IssAdministrators  *self,
                         IssCertificate           *signer,
                         IssPrivateKey            *signer_key,
                         gint64                    now,
                         GError                  **error)
{
  g_autoptr(GBytes) content = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (signer), NULL);
  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (signer_key), NULL);

  content = encode (self);

  return iss_signed_data_sign (content, signer, signer_key, now, error);
}

static IssAdministrators *
refuse (GError     **error,
        const char  *sentence)
{
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, sentence);

  return NULL;
}

static GPtrArray *
read_certificates (GVariant  *variant,
                   GError   **error)
{
  const gsize n = g_variant_n_children (variant);
  g_autoptr(GPtrArray) certificates = g_ptr_array_new_with_free_func (g_object_unref);

  if (n == 0 || n > ISS_ADMINISTRATORS_MAX)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("A pool has 1 to %d administrators"), ISS_ADMINISTRATORS_MAX);
      return NULL;
    }

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (variant, i);
      g_autoptr(GBytes) der = g_variant_get_data_as_bytes (child);
      IssCertificate *certificate;

      if (g_bytes_get_size (der) > MAX_CERTIFICATE)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                       _("An administrator's certificate is larger than %d KiB"),
                       MAX_CERTIFICATE / 1024);
          return NULL;
        }

      certificate = iss_certificate_new_from_der (der, error);
      if (certificate == NULL)
        return NULL;
      g_ptr_array_add (certificates, certificate);
    }

  return g_steal_pointer (&certificates);
}

static IssAdministrators *
decode (GBytes  *content,
        GError **error)
{
  g_autoptr(GVariant) written = NULL;
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) list = NULL;
  g_autoptr(GPtrArray) certificates = NULL;
  g_autoptr(IssAdministrators) self = NULL;
  g_autoptr(GBytes) again = NULL;
  const char *title, *pool;
  guint64 version;

  written = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (CONTENT_TYPE), content,
                                                          FALSE));
  if (!g_variant_is_normal_form (written))
    return refuse (error, _("What is signed is not a set of administrators"));

  native = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (written)
                                           : g_variant_byteswap (written);
  g_variant_get (native, "(&s&st@aay)", &title, &pool, &version, &list);
  if (!g_str_equal (title, TITLE))
    return refuse (error, _("What is signed is not a set of administrators"));

  if (*pool == '\0' || !iss_text_is_clean (pool, MAX_NAME) || version == 0 ||
      version > G_MAXINT64)
    return refuse (error, _("The set of administrators has no pool or no version"));

  certificates = read_certificates (list, error);
  if (certificates == NULL)
    return NULL;

  /* In their order, none twice. */
  self = iss_administrators_new (pool, version, certificates);
  again = encode (self);
  for (guint i = 1; i < self->certificates->len; i++)
    if (compare_certificates (&self->certificates->pdata[i - 1],
                              &self->certificates->pdata[i]) == 0)
      return refuse (error, _("An administrator is named twice"));
  if (!g_bytes_equal (again, content))
    return refuse (error, _("The set of administrators is not written as Issuant writes it"));

  return g_steal_pointer (&self);
}

static IssAdministrators *
verify_by (GBytes     *message,
           GPtrArray  *signers,
           GError    **error)
{
  g_autoptr(GBytes) content = iss_signed_data_verify (message, signers,
                                                      ISS_ADMINISTRATORS_MAX_SIZE, NULL, NULL,
                                                      error);

  return content != NULL ? decode (content, error) : NULL;
}

static gboolean
has (const IssAdministrators *self,
     IssCertificate          *certificate)
{
  for (guint i = 0; i < self->certificates->len; i++)
    if (compare_certificates (&self->certificates->pdata[i], &certificate) == 0)
      return TRUE;

  return FALSE;
}

/* By whoever says that he signed it: of the signature, only that it is one. */
static IssAdministrators *
verify_by_itself (GBytes          *message,
                  IssCertificate **out_signer,
                  GError         **error)
{
  g_autoptr(IssCertificate) signer =
    iss_signed_data_read_signer (message, ISS_ADMINISTRATORS_MAX_SIZE, error);
  g_autoptr(GPtrArray) signers = g_ptr_array_new ();
  IssAdministrators *self;

  if (signer == NULL)
    return NULL;

  g_ptr_array_add (signers, signer);
  self = verify_by (message, signers, error);
  if (self != NULL)
    *out_signer = g_steal_pointer (&signer);

  return self;
}

/**
 * iss_administrators_verify:
 * @message: a change, from outside
 * @before: (nullable): the set that holds until then; %NULL = there is none yet, and whoever can
 *   deliver the first one is trusted
 * @error: return location for an error: %ISS_ERROR_REFUSED when it is for another pool, not
 *   newer, or signed by none of @before; else as of iss_signed_data_verify()
 *
 * Returns: (transfer full): the new set
 */
IssAdministrators *
iss_administrators_verify (GBytes                   *message,
                           const IssAdministrators  *before,
                           GError                  **error)
{
  g_autoptr(IssAdministrators) self = NULL;
  g_autoptr(IssCertificate) signer = NULL;

  g_return_val_if_fail (message != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (before != NULL)
    self = verify_by (message, before->certificates, error);
  else
    self = verify_by_itself (message, &signer, error);
  if (self == NULL)
    return NULL;

  if (before == NULL && !has (self, signer))
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                         _("The first set of administrators is signed by nobody who is in it"));
  else if (before != NULL && !g_str_equal (before->pool, self->pool))
    g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                 /* Translators: two pools */
                 _("The administrators are those of another pool: %s, not %s"), self->pool,
                 before->pool);
  else if (before != NULL && self->version <= before->version)
    g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                 _("The set of administrators is an old one: it is version %" G_GUINT64_FORMAT
                   ", and version %" G_GUINT64_FORMAT " holds already"), self->version,
                 before->version);
  else
    return g_steal_pointer (&self);

  return NULL;
}

/**
 * iss_administrators_read:
 * @message: a change that was verified before, from a place that only its owner writes to
 * @error: return location for an error, as of iss_signed_data_verify()
 *
 * Returns: (transfer full): the set
 */
IssAdministrators *
iss_administrators_read (GBytes  *message,
                         GError **error)
{
  g_autoptr(IssCertificate) signer = NULL;

  g_return_val_if_fail (message != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return verify_by_itself (message, &signer, error);
}
