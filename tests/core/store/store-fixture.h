/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/maker.h"
#include "core/store/root-folder.h"
#include "tests/lib/temp-folder.h"

G_BEGIN_DECLS

#define ISS_STORE_FIXTURE_NOW 1783000000   /* 2 July 2026 */

/**
 * IssStoreFixture:
 *
 * A root folder of its own, a CA and two token issuers' certificates with their keys.
 */
typedef struct
{
  IssTempFolder   *temp;
  char            *path;         /* the root folder's */
  IssRootFolder   *root;
  IssMaker        *maker;
  IssCertificate  *ca;
  IssPrivateKey   *ca_key;
  IssCertificate  *leaf;
  IssPrivateKey   *leaf_key;
  IssCertificate  *other;
  IssPrivateKey   *other_key;
} IssStoreFixture;

void             iss_store_fixture_set_up    (IssStoreFixture  *self,
                                              gconstpointer     unused);
void             iss_store_fixture_tear_down (IssStoreFixture  *self,
                                              gconstpointer     unused);
IssCertificate  *iss_store_fixture_make      (IssStoreFixture  *self,
                                              const char       *subject,
                                              gboolean          is_ca,
                                              IssPrivateKey   **out_key) G_GNUC_WARN_UNUSED_RESULT;
char            *iss_store_fixture_dup_path  (IssStoreFixture  *self,
                                              const char       *relative) G_GNUC_WARN_UNUSED_RESULT;
void             iss_store_fixture_write     (IssStoreFixture  *self,
                                              const char       *relative,
                                              const char       *text);
guint            iss_store_fixture_count     (IssStoreFixture  *self,
                                              const char       *relative);

G_END_DECLS
