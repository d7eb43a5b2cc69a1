/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/signed-data.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

#define CONTENT "the content"
#define AT 1795910400   /* 29 November 2026 */
#define LIMIT (64 * 1024)

typedef struct
{
  GPtrArray     *certificates;
  IssPrivateKey *key;
} Signer;

static Signer *
get_signer (void)
{
  static Signer signer;

  if (signer.certificates == NULL)
    {
      signer.certificates = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (signer.certificates, iss_seeds_make_certificate ("Signer", &signer.key));
    }

  return &signer;
}

static void
free_signer (void)
{
  Signer *signer = get_signer ();

  g_clear_pointer (&signer->certificates, g_ptr_array_unref);
  g_clear_object (&signer->key);
}

void
iss_target_add_seeds (GPtrArray *seeds)
{
  g_autoptr(GBytes) content = g_bytes_new_static (CONTENT, sizeof CONTENT - 1);
  g_autoptr(GError) error = NULL;
  Signer *signer = get_signer ();

  g_ptr_array_add (seeds, iss_signed_data_sign (content, signer->certificates->pdata[0],
                                                signer->key, AT, &error));
  g_assert_no_error (error);
}

/* Nothing but what was signed comes out of it; whose certificate it says is inside may be
 * anybody's. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static gsize is_registered;
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) signer_error = NULL;
  g_autoptr(GBytes) content = NULL;
  g_autoptr(IssCertificate) signer = NULL;

  content = iss_signed_data_verify (bytes, get_signer ()->certificates, LIMIT, NULL, NULL, &error);
  iss_seeds_assert_refused (content != NULL, error);
  if (content != NULL)
    g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content),
                     CONTENT, sizeof CONTENT - 1);

  signer = iss_signed_data_read_signer (bytes, LIMIT, &signer_error);
  iss_seeds_assert_refused (signer != NULL, signer_error);

  if (g_once_init_enter (&is_registered))
    {
      atexit (free_signer);
      g_once_init_leave (&is_registered, 1);
    }

  return 0;
}
