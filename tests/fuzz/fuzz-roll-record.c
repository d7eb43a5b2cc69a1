/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/record-check.h"
#include "tests/fuzz/target.h"

#include <string.h>

static GBytes *
sign (const char *text)
{
  g_autoptr(GError) error = NULL;
  const IssSeedsSigner *signer = iss_seeds_get_signer ();
  GBytes *file = iss_roll_record_sign (text, signer->certificate, signer->key, ISS_SEEDS_NOW,
                                       &error);

  g_assert_no_error (error);

  return file;
}

/* Not signed: what is read once somebody has signed it. */
void
iss_target_add_seeds (GPtrArray *seeds)
{
  static const char text[] =
    "[issuant-roll-record]\nformat=1\npool=p.example\ntype=OAuthTokenIssuer\n"
    "made=2026-11-29T00:00:00Z\nby=alice\n\n[server fe01.example]\nanswers=true\ncurrent=00\n"
    "log-entries=1\nlog-head=00\nlog-faults=0\n\n[certificate 00]\nder=MAA=\n\n[proof 1]\n"
    "server=fe01.example\ntype=OAuthTokenIssuer\nslot=current\ncertificate=00\nserver-id=1\n"
    "nonce=00\nown=00\ntime=2026-11-29T00:00:00Z\nsignature=00\n\n[log fe01.example]\n"
    "1={\"n\":1,\"previous\":\"00\"}\n";

  g_ptr_array_add (seeds, g_bytes_new_static (text, sizeof text - 1));
  g_ptr_array_add (seeds, sign (text));
}

/* It is tried as a file, and, as it is, as what a signer who means ill has signed. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) file = g_bytes_new (data, size);
  g_autofree char *text = size > 0 ? g_strndup ((const char *) data, size) : g_strdup ("");
  g_autoptr(GBytes) signed_file = sign (text);
  GPtrArray *signers = iss_seeds_get_signer ()->certificates;
  g_autoptr(IssRecordCheck) found = iss_record_check_run (file, signers);
  g_autoptr(IssRecordCheck) signed_found = iss_record_check_run (signed_file, signers);

  g_assert_true (signed_found->is_known);
  if (found->problems->len == 0)
    g_assert_nonnull (found->signer);

  return 0;
}
