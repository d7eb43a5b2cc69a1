/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>

#include "core/formats/signed-data.h"

#define START 1767225600   /* 1 January 2026 */
#define END 1830297600     /* 1 January 2028 */

/**
 * iss_seeds_make_certificate:
 * @name: the common name
 * @out_key: (out) (optional) (transfer full): its private key
 *
 * Returns: (transfer full): the same self-issued certificate at every call
 */
IssCertificate *
iss_seeds_make_certificate (const char     *name,
                            IssPrivateKey **out_key)
{
  static const char *const dns_names[] = { "auth.contoso.example", "contoso.example", NULL };
  const IssMakerSpec spec = { name, dns_names, START, END, 2048, FALSE, TRUE, "fuzz" };
  g_autoptr(IssMaker) maker = iss_maker_new ("fuzz");
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate = iss_maker_make (maker, &spec, NULL, NULL, &key, &error);

  g_assert_no_error (error);
  if (out_key != NULL)
    *out_key = g_steal_pointer (&key);

  return certificate;
}

static IssSeedsSigner *
access_signer (void)
{
  static IssSeedsSigner signer;

  return &signer;
}

static void
free_signer (void)
{
  IssSeedsSigner *signer = access_signer ();

  g_clear_pointer (&signer->certificates, g_ptr_array_unref);
  g_clear_object (&signer->key);
  g_clear_object (&signer->other);
}

/**
 * iss_seeds_get_signer:
 *
 * Returns: (transfer none): who signs
 */
const IssSeedsSigner *
iss_seeds_get_signer (void)
{
  IssSeedsSigner *signer = access_signer ();

  if (signer->certificates != NULL)
    return signer;

  signer->certificates = g_ptr_array_new_with_free_func (g_object_unref);
  signer->certificate = iss_seeds_make_certificate ("Signer", &signer->key);
  signer->other = iss_seeds_make_certificate ("Other", NULL);
  g_ptr_array_add (signer->certificates, signer->certificate);
  atexit (free_signer);

  return signer;
}

/**
 * iss_seeds_sign:
 * @content: what is signed, whatever it is
 *
 * Returns: (transfer full): it, signed by iss_seeds_get_signer()
 */
GBytes *
iss_seeds_sign (GBytes *content)
{
  const IssSeedsSigner *signer = iss_seeds_get_signer ();
  g_autoptr(GError) error = NULL;
  GBytes *message = iss_signed_data_sign (content, signer->certificate, signer->key,
                                          ISS_SEEDS_NOW, &error);

  g_assert_no_error (error);

  return message;
}

/**
 * iss_seeds_add_text:
 * @seeds: where to
 * @text: a good input
 */
void
iss_seeds_add_text (GPtrArray  *seeds,
                    const char *text)
{
  g_ptr_array_add (seeds, g_bytes_new (text, strlen (text)));
}

/**
 * iss_seeds_add_certificate:
 * @seeds: where to
 *
 * Adds what #IssMaker makes. Those with other keys are files in inputs/certificate.
 */
void
iss_seeds_add_certificate (GPtrArray *seeds)
{
  g_autoptr(IssCertificate) made = iss_seeds_make_certificate ("Müller", NULL);

  g_ptr_array_add (seeds, g_bytes_ref (iss_certificate_get_der (made)));
}

/**
 * iss_seeds_add_variant:
 * @seeds: where to
 * @variant: (transfer full): a good input, floating or, as Debian 13 parses it, not
 */
void
iss_seeds_add_variant (GPtrArray *seeds,
                       GVariant  *variant)
{
  g_autoptr(GVariant) sunk = g_variant_take_ref (variant);

  g_ptr_array_add (seeds, g_variant_get_data_as_bytes (sunk));
}

/**
 * iss_seeds_read_variant:
 * @type: what to take the bytes for
 * @data: bytes that may not be in normal form
 * @size: how many
 *
 * Returns: (transfer full): as it comes from the bus, where nothing is trusted
 */
GVariant *
iss_seeds_read_variant (const char   *type,
                        const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);

  return g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (type), bytes, FALSE));
}

/**
 * iss_seeds_assert_refused:
 * @is_read: whether a reader has read its input
 * @error: (nullable): its error
 *
 * Either it was read, or there is an error of ours with a sentence.
 */
void
iss_seeds_assert_refused (gboolean      is_read,
                          const GError *error)
{
  if (is_read)
    {
      g_assert_no_error (error);
      return;
    }

  g_assert_nonnull (error);
  g_assert_true (error->domain == ISS_ERROR);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpstr (error->message, !=, "");
}
