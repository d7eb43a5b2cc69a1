/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-folder.h"
#include "core/central/central-store.h"
#include "core/certificate/maker.h"
#include "tests/lib/temp-folder.h"

G_BEGIN_DECLS

#define ISS_CENTRAL_FIXTURE_NOW 1814313600   /* 30 June 2027 */
#define ISS_CENTRAL_FIXTURE_POOL "pool01.contoso.example"

/**
 * IssCentralFixture:
 *
 * A central store in a folder of its own, with alice as its administrator, and certificates.
 */
typedef struct
{
  IssTempFolder            *folder;
  IssMaker                 *maker;
  IssCentralEngine         *engine;
  IssCentralStore          *store;
  const IssCertificateType *type;
  IssCertificate           *alice;
  IssPrivateKey            *alice_key;
  IssCertificate           *one;
  IssPrivateKey            *one_key;
  IssCertificate           *two;
  IssPrivateKey            *two_key;
} IssCentralFixture;

void               iss_central_fixture_set_up       (IssCentralFixture  *self,
                                                     gconstpointer       unused);
void               iss_central_fixture_tear_down    (IssCentralFixture  *self,
                                                     gconstpointer       unused);
IssCertificate    *iss_central_fixture_make         (IssCentralFixture  *self,
                                                     const char         *name,
                                                     IssPrivateKey     **out_key)
                                                     G_GNUC_WARN_UNUSED_RESULT;
/* another administrator's view of the same store */
IssCentralStore   *iss_central_fixture_open         (IssCentralFixture  *self,
                                                     const char         *pins)
                                                     G_GNUC_WARN_UNUSED_RESULT;
IssWanted         *iss_central_fixture_new_wanted   (IssCentralFixture  *self,
                                                     guint64             revision,
                                                     gint64              staged_at)
                                                     G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
