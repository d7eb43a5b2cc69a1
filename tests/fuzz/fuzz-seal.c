/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/seal.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

#define CONTENT "the content"

typedef struct
{
  IssCertificate *certificate;
  IssPrivateKey  *key;
} Recipient;

static Recipient *
get_recipient (void)
{
  static Recipient recipient;

  if (recipient.certificate == NULL)
    recipient.certificate = iss_seeds_make_certificate ("Recipient", &recipient.key);

  return &recipient;
}

static void
free_recipient (void)
{
  Recipient *recipient = get_recipient ();

  g_clear_object (&recipient->certificate);
  g_clear_object (&recipient->key);
}

void
iss_target_add_seeds (GPtrArray *seeds)
{
  g_autoptr(IssSecret) clear = iss_secret_new (CONTENT, sizeof CONTENT - 1);
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (seeds, iss_seal_to (get_recipient ()->certificate, clear, &error));
  g_assert_no_error (error);
}

/* Nothing but what was sealed comes out of it. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static gsize is_registered;
  Recipient *recipient = get_recipient ();
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssSecret) opened = NULL;

  if (g_once_init_enter (&is_registered))
    {
      atexit (free_recipient);
      g_once_init_leave (&is_registered, 1);
    }

  opened = iss_seal_open (bytes, recipient->certificate, recipient->key, &error);
  iss_seeds_assert_refused (opened != NULL, error);
  if (opened != NULL)
    g_assert_cmpmem (iss_secret_get_data (opened, NULL), iss_secret_get_size (opened),
                     CONTENT, sizeof CONTENT - 1);

  return 0;
}
