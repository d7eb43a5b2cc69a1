/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/text.h"
#include "core/store/audit-entry.h"
#include "core/store/audit-sentence.h"
#include "tests/fuzz/target.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

void
iss_target_add_seeds (GPtrArray *seeds)
{
  iss_seeds_add_text (seeds, "{\"n\":7,\"time\":\"2026-10-30T08:00:00Z\",\"who\":\"alice\","
                      "\"what\":\"import\",\"certificates\":\"" HASH " " HASH "\",\"store\":\"my\","
                      "\"note\":\"a \\\"b\\\" \\u00e9 \\ud83d\\ude00\",\"torn\":\"" HASH "\","
                      "\"previous\":\"" HASH "\"}");
  iss_seeds_add_text (seeds, "{\"n\":8,\"time\":\"2026-10-30T08:00:00Z\",\"who\":\"bob\","
                      "\"what\":\"set-assignment\",\"OAuthTokenIssuer\":\"" HASH "\","
                      "\"force\":\"yes\",\"previous\":\"" HASH "\"}");
  iss_seeds_add_text (seeds, "{\"n\":9,\"time\":\"2026-10-30T08:00:00Z\",\"who\":\"bob\","
                      "\"what\":\"delete\",\"certificates\":\"" HASH "\",\"names\":\"a, b\","
                      "\"previous\":\"" HASH "\"}");
}

/* Whatever stands in the record can be shown, and what is no entry says nothing of its own. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) line = g_bytes_new (data, MIN (size, 16 * 1024));
  g_autoptr(IssAuditEntry) entry = iss_audit_entry_new (line, 1, ISS_AUDIT_ENTRY_DAMAGED, NULL);
  g_autofree char *sentence = iss_audit_sentence_dup (entry);
  g_autofree char *details = iss_audit_sentence_dup_details (entry);
  const gboolean whole = iss_audit_entry_get_state (entry) == ISS_AUDIT_ENTRY_WHOLE;

  g_assert_true (iss_text_is_clean (iss_audit_entry_get_who (entry), 1024));
  g_assert_true (iss_text_is_clean (iss_audit_entry_get_text (entry), 16 * 1024));
  g_assert_true (g_utf8_validate (sentence, -1, NULL));
  g_assert_true (g_utf8_validate (details, -1, NULL));
  g_assert_cmpint (whole, ==, iss_audit_entry_get_n (entry) != 0);
  g_assert_cmpint (whole, ==, iss_audit_entry_get_time (entry) != 0);
  g_assert_cmpint (whole, ==, *iss_audit_entry_get_what (entry) != '\0');

  return 0;
}
